"""Files in: the questionnaire, the register, tables as spreadsheets write them."""
