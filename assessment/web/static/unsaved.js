// Asks before what was typed into a form is left unsaved: on reload, on a link, on closing.
const forms = [...document.querySelectorAll("form[data-warn-unsaved]")];
let isSaving = false;

function isTyped(field) {
  if (field.type === "hidden") return false;
  if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.selected !== o.defaultSelected && o.value);
  return field.value !== undefined && field.type !== "submit" && field.value !== field.defaultValue;
}

// A page that shows what could not be saved says "now": everything typed before is unsaved still.
function isUnsaved(form) {
  return form.dataset.warnUnsaved === "now" || [...form.elements].some(isTyped);
}

for (const form of forms) {
  form.addEventListener("submit", () => { isSaving = true; });
}
window.addEventListener("pageshow", () => { isSaving = false; });
window.addEventListener("beforeunload", (event) => {
  if (!isSaving && forms.some(isUnsaved)) event.preventDefault();
});
