import pytest

from nlp_gru.errors import UserError
from nlp_gru.training.recipe import RECIPES, load_recipe


@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.toml")), ids=lambda p: p.stem)
def test_bundled_recipes_load_and_say_how_to_run_them(path):
    assert load_recipe(path.stem).head in path.stem
    assert "#   " in path.read_text() and path.read_text().startswith("# ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('head = "sentiment"\n[model]\nhiden = 3', "no setting 'model.hiden'; did you mean 'hidden'"),
        ('head = "sentiment"\nzzz = 3', "no setting 'zzz'; known here: head"),
        ('head = "sentiment"\n[model]\nhidden = "big"', "'model.hidden' is wrong"),
        ('head = "sentiment"\n[model]\nhidden = 0', "'model.hidden' is wrong"),
        ('head = "poetry"', "'head' is wrong"),
        ("head = ", "not a TOML file"),
        ("", "'head' is wrong"),
    ],
)
def test_wrong_recipes_name_the_key(tmp_path, text, message):
    path = tmp_path / "r.toml"
    path.write_text(text)
    with pytest.raises(UserError) as error:
        load_recipe(path)
    assert message in str(error.value) and "r.toml" in str(error.value)


def test_overrides():
    assert load_recipe("sentiment", {"train.lr": 0.5}).train.lr == 0.5
    for key in ("train.speed", "nothing.lr", "head.lr"):
        with pytest.raises(UserError):
            load_recipe("sentiment", {key: 1})
    with pytest.raises(UserError, match="bundled are"):
        load_recipe("nonsense")
