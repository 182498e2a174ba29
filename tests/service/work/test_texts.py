"""How long a text that a person writes may be: what the API states is what it holds."""

import pytest
from pydantic import BaseModel, ValidationError

from service.api.picks import NewPick
from service.api.worklist import NewNote

PICK = {"commune_istat": "015182", "call_id": "x:1"}


@pytest.mark.parametrize(("shape", "field", "rest"), [(NewPick, "why", PICK), (NewNote, "text", {})])
def test_a_text_may_be_as_long_as_the_contract_says_and_no_longer(shape: type[BaseModel], field, rest):
    stated = shape.model_json_schema()["properties"][field]["maxLength"]
    assert getattr(shape(**rest, **{field: "x" * stated}), field) == "x" * stated
    with pytest.raises(ValidationError, match=str(stated)):
        shape(**rest, **{field: "x" * (stated + 1)})
