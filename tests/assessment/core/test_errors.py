from assessment.core.errors import FileMistakesError, Mistake


def test_mistake_with_field_names_line_and_field():
    assert str(Mistake(3, "level", "Use 1 to 5.")) == "line 3: level: Use 1 to 5."


def test_mistake_without_field_names_line():
    assert str(Mistake(3, "", "This line is empty.")) == "line 3: This line is empty."


def test_file_mistakes_error_lists_all_in_order_of_lines():
    later, sooner = Mistake(9, "level", "Use 1 to 5."), Mistake(2, "", "This line is empty.")

    error = FileMistakesError("answers.csv", [later, sooner])

    assert error.name == "answers.csv"
    assert error.mistakes == [sooner, later]
    assert str(error) == (
        "answers.csv: line 2: This line is empty.\nanswers.csv: line 9: level: Use 1 to 5."
    )
