"""Words that no place has, however long or many, are answered with a page and not with an error."""

import pytest


@pytest.mark.parametrize("words", ["a " * 2000, "x" * 60_000, "a\x00b"])
@pytest.mark.parametrize("address", ["/schools/", "/clusters/", "/people/", "/classes/", "/search/"])
def test_search_for_endless_words_is_answered(address, words, world, sign_in):
    page = sign_in(world.people["staff"]).get(address, {"q": words})

    assert page.status_code == 200


@pytest.mark.parametrize("words", ["a " * 2000, "x" * 60_000, "a\x00b"])
def test_invitation_to_a_school_of_endless_words_is_refused(words, world, sign_in):
    sent = {
        "full_name": "New Head",
        "email": "new.head@example.org",
        "role": "head",
        "school": words,
        "starts_on": "2026-01-05",
    }

    page = sign_in(world.people["staff"]).post("/people/invite/", sent)

    assert page.status_code == 422
    assert not type(world.people["staff"]).objects.filter(email="new.head@example.org").exists()


def test_pages_with_names_are_kept_by_no_browser(world, sign_in):
    page = sign_in(world.people["head"]).get("/")

    assert "Hamish" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
