"""The parts of explore: how words are read, what is judged, what is tried and in which order."""

from __future__ import annotations

import pytest

from emulator.core.scripting.adversities import ADVERSITIES
from emulator.core.scripting.combinations import Combination, list_combinations
from emulator.explore.application import Ended
from emulator.explore.exploration import Verdict, explore, number
from emulator.explore.judge import Flaw, judge
from emulator.explore.story import Story
from emulator.explore.words import BadWord, find, read_picks, say
from localfax.receiver import Receiver
from localfax.things import fax_of
from tests.conftest import Control

ROWS = {each.id: each for each in ADVERSITIES}


@pytest.mark.parametrize(
    ("words", "answer", "shown"),
    [
        ((), "delivered", ["delivered"]),
        ((), '"Delivered"', ["delivered"]),
        (("delivered=sent,done",), '{"fax": {"status": "done"}}', ["delivered"]),
        (("delivered=sent",), '{"sent": true, "status": "on its way"}', []),
        (("delivered=.faxes[1].status:sent",), '{"faxes": [{"status": "sent"}, {"status": "no"}]}', []),
        (("delivered=.faxes[0].status:sent",), '{"faxes": [{"status": "sent"}]}', ["delivered"]),
        (("failed=/no (answer|carrier)/",), "there was no carrier", ["failed"]),
        (("delivered=ok", "failed=no"), '{"a": "ok", "b": "no"}', ["delivered", "failed"]),
        (("delivered=7",), '{"state": 7}', ["delivered"]),
    ],
)
def test_words_are_found(words: tuple[str, ...], answer: str, shown: list[str]) -> None:
    assert say(answer, read_picks(words)) == shown


@pytest.mark.parametrize("wrong", ["sent", "gone=lost", "delivered=", "failed=/(/", "failed=.a..b:x"])
def test_a_word_that_cannot_be_read_is_refused(wrong: str) -> None:
    with pytest.raises(BadWord):
        read_picks([wrong])


def test_a_path_that_leads_nowhere_finds_nothing() -> None:
    assert find('{"a": [1]}', ".a[3].b") == []
    assert find("plain text", ".a") == ["plain text", "plain", "text"]


def story(control: Control, name: str, said: str, *, faxes: int = 1, effects: str = "1") -> Story:
    told = Story(Combination((ROWS[name],)), "+12125550123", "1", sent=[Ended(0, "", 0.1)])
    for _ in range(faxes):
        control.client.send("ifax", "+12125550123")
    told.requests = control.client.requests()[::-1]
    control.advance()
    told.faxes = [fax_of(each) for each in control.faxes()]
    told.said, told.effects = Ended(0, said, 0.1), Ended(0, effects, 0.1)
    return told


def kinds(flaws: list[Flaw]) -> list[str]:
    return [each.kind for each in flaws]


@pytest.mark.parametrize(
    ("said", "effects", "found"),
    [
        ("delivered", "1", []),
        ("failed", "1", ["word"]),
        ("sending", "1", ["word"]),
        ("delivered failed", "1", ["word"]),
        ("delivered", "2", ["effect"]),
        ("delivered", "0", ["effect"]),
        ("delivered", "none", ["effect"]),
    ],
)
def test_word_and_effect_are_held_against_the_truth(
    control: Control, said: str, effects: str, found: list[str]
) -> None:
    assert kinds(judge(story(control, "webhook:late", said, effects=effects), read_picks(()))) == found


def test_a_second_fax_is_one_too_many_unless_the_first_had_failed(control: Control) -> None:
    assert kinds(judge(story(control, "submit:cut-after", "delivered", faxes=2), read_picks(()))) == [
        "second fax"
    ]
    control.script(name="once", times=1, attempts=["no_answer"])
    again = story(control, "submit:cut-after", "delivered")
    control.client.send("ifax", "+12125550123")
    control.advance()
    again.faxes = [fax_of(each) for each in control.faxes()[:2]]
    assert "second fax" not in kinds(judge(again, read_picks(())))


def test_no_fax_and_no_word_is_right_where_the_user_was_told(control: Control) -> None:
    told = story(control, "submit:500-before", "", faxes=0, effects="0")
    told.requests = control.client.requests()
    assert "word" in kinds(judge(told, read_picks(())))
    told.sent = [Ended(22, "", 0.1)]
    assert "word" not in kinds(judge(told, read_picks(())))


def test_what_a_smaller_one_implies_is_not_tried_and_the_rest_is_left_in_time() -> None:
    tried: list[str] = []

    def play(each: Combination) -> tuple[Story, list[Flaw]]:
        tried.append(each.name)
        flaws = [Flaw("word", "no")] if each.name == "webhook:twice" else []
        return Story(each, "", ""), flaws

    names = ("webhook:twice", "webhook:at-once", "webhook:lost")
    wanted = [Combination((ROWS[name],)) for name in names]
    wanted.append(Combination((ROWS["submit:cut-after"], ROWS["webhook:twice"])))
    ticks = iter(range(100))
    results = list(explore(wanted, play, deadline=4.0, clock=lambda: float(next(ticks))))
    assert [each.verdict for each in results] == [
        Verdict.broke, Verdict.implied, Verdict.held, Verdict.implied,
    ]  # fmt: skip
    assert tried == ["webhook:twice", "webhook:lost"]
    assert [each.verdict for each in explore(wanted[2:3], play, deadline=0.0)] == [Verdict.left]


def test_combinations_come_smallest_first_and_need_what_they_need() -> None:
    found = list_combinations({"retries"})
    assert [each.size for each in found] == sorted(each.size for each in found)
    assert len({each.name for each in found}) == len(found)
    names = {each.name for each in found}
    assert {"webhook:unheard", "webhook:twice-submit:cut-after", "inbound:twice"} <= names
    assert not names & {"webhook:stale", "webhook:wrong-auth", "submit:twice"}
    assert {"webhook:stale", "webhook:wrong-auth", "submit:twice"} <= {
        each.name for each in list_combinations({"stages", "auth", "order"}, pairs=False)
    }


def test_a_webhook_that_is_tried_for_days_is_told_in_few_lines(control: Control, receiver: Receiver) -> None:
    control.client.settings("faxto", webhooks={"outbound": {"url": receiver.url}})
    receiver.answer(500, times=None)
    control.client.send("faxto", "+12125550123")
    control.advance()
    [webhook], faxes = control.client.webhooks(), control.client.faxes()
    assert len(webhook.attempts) > 100
    told = Story(Combination(), "+12125550123", "1", faxes=faxes, webhooks=[webhook])
    assert len(told.tell().splitlines()) < 100
    assert " more …" in told.tell()
    assert f"to delivery_receipt the application answers 500 ({len(webhook.attempts)} times)" in told.tell()
    said = "its endpoint answers 500 to delivery_receipt, and the vendor tries again"
    [flaw] = [each for each in judge(told, read_picks(())) if each.kind == "answer"]
    assert said in flaw.text


def test_numbers_are_nobodys_and_differ_by_place_and_seed() -> None:
    found = [number("a", place) for place in range(500)]
    assert len(set(found)) == 500
    assert all(each[5:10] == "55501" and len(each) == 12 for each in found)
    assert number("b", 1) != number("a", 1)
