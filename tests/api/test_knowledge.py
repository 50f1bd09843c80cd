"""Knowledge base search over REST."""

from tests.api.driver import ApiDriver


def test_a_question_is_answered_with_passages_and_their_sources(driver: ApiDriver) -> None:
    """R-DAT-11"""
    answer = driver.client.get(
        "/v1/knowledge", params={"q": "How deep should I squat?", "limit": 2}
    )
    assert answer.status_code == 200
    first, _ = answer.json()
    assert (first["id"], "Schoenfeld" in first["source"]) == ("squat/range_of_motion", True)
    assert 0.15 <= first["similarity"] <= 1.0


def test_an_invalid_question_is_refused(driver: ApiDriver) -> None:
    for query in ("", "q=", "q=%20", f"q={'x' * 501}", "q=squat&limit=0"):
        assert driver.client.get(f"/v1/knowledge?{query}").status_code == 422
