from __future__ import annotations

import uuid

from emulator.core.sandbox import Ids


def test_the_same_seed_gives_the_same_ids():
    one, same, other = Ids("a"), Ids("a"), Ids("b")
    assert one.hex("fax", 1) == same.hex("fax", 1) != other.hex("fax", 1)
    assert one.uuid("fax", 1) == same.uuid("fax", 1) != other.uuid("fax", 1)
    assert one.draw("fax", 1).random() == same.draw("fax", 1).random() != other.draw("fax", 1).random()


def test_kinds_and_numbers_have_ids_of_their_own():
    ids = Ids("a")
    made = {ids.hex(kind, number) for kind in ("fax", "call") for number in range(100)}
    assert len(made) == 200


def test_an_id_has_the_length_asked_for():
    assert [len(Ids("a").hex("fax", 1, length)) for length in (8, 32, 64, 128)] == [8, 32, 64, 128]


def test_a_uuid_is_of_version_4():
    made = uuid.UUID(Ids("a").uuid("fax", 1))
    assert (made.version, made.variant) == (4, uuid.RFC_4122)


def test_serials_rise_by_one_and_keep_their_digits():
    serials = [Ids("a").serial("job", number, 8) for number in range(1, 50)]
    assert serials == list(range(serials[0], serials[0] + 49))
    assert {len(str(serial)) for serial in serials} == {8}
