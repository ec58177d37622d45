import { CharacterCount, initAll } from "/static/govuk-frontend.min.js";
import "/static/unsaved.js";

// Characters are counted as the server counts them: each code point, not what is seen as one.
CharacterCount.prototype.updateCount = function () {
  this.count = [...this.$textarea.value].length;
};

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
