"""A view that is put together from blocks: every way to do that is a sample, and those that compile are lanes."""

from lessons import catalogue
from lessons.content import builds
from lessons.content.teaching import Build
from lessons.content.variants import syntax_error
from tests.content.real import SLUG


def shipped() -> Build:
    project = catalogue.find_lesson(SLUG).teaching.project
    assert project
    assert project.build
    return project.build


def test_every_choice_is_a_sample_of_its_own() -> None:
    build = shipped()
    every = list(builds.choices(build))
    assert len(every) == 3 * 3 * 3 * 3
    assert len({builds.built_sample(each) for each in every}) == len(every)
    assert len({builds.built_source(build, each) for each in every}) == len(every)


def test_pieces_stand_as_far_in_as_their_blanks() -> None:
    source = builds.built_source(shipped(), (0, 2, 1, 1))
    assert "contract = asyncio.Semaphore(12)\n" in source
    assert (
        "        async with contract, asyncio.timeout(0.6):\n            return await call\n    except OSError:\n"
        in source
    )
    assert "    price = await ask(find_price(), None)\n    stock = await" in source


def test_whatever_compiles_is_a_lane_that_is_not_listed() -> None:
    build, lesson = shipped(), catalogue.find_lesson(SLUG)
    made = {lane.id: lane for lane in lesson.lanes if lane.sample.startswith(builds.PREFIX)}
    good = [each for each in builds.choices(build) if not syntax_error(builds.built_source(build, each))]
    assert list(made) == [builds.built_lane(build, each) for each in good]
    assert not any(lane.listed or lane.chosen for lane in made.values())
    assert builds.built_lane(build, builds.solution_choice(build)) in made
