import pytest

from millrace.model.frameworks.framework import load_framework
from millrace.model.stream_file import parse_stream, stream_to_yaml
from millrace.model.templates.template import (
    TEMPLATES,
    UnknownTemplate,
    load_template,
    template_text,
    templates,
)
from millrace.model.value_stream import Step
from millrace.simulate.hr_access import STATUSES

ARCHETYPES = {
    "new-service",
    "service-change",
    "release-deployment",
    "incident-resolution",
    "request-fulfilment",
    "problem-fix",
    "knowledge-self-service",
    "continual-improvement",
}


def test_there_is_a_template_for_each_archetype_and_four_beyond() -> None:
    assert {template.archetype for template in templates()} == ARCHETYPES
    assert len(TEMPLATES) == len(ARCHETYPES) + 4


def test_an_unknown_template_names_the_nearest() -> None:
    with pytest.raises(UnknownTemplate, match="did you mean “hr-access”"):
        load_template("hr-acces")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_called_as_its_file(name: str) -> None:
    assert load_template(name).name == name


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_is_complete(name: str) -> None:
    stream = load_template(name)
    demand, value = stream.demand, stream.value

    assert all((stream.owner, stream.title, stream.description, stream.scope, stream.feedback))
    assert all((demand.description, demand.who, demand.volume_per_month, demand.complete_ratio))
    assert all((value.description, value.after, value.confirmed_by))
    assert all((stream.measures, stream.improvements, stream.review_every, stream.reviewers))
    assert [step.name for step in stream.steps if lacks_something(step)] == []


def lacks_something(step: Step) -> bool:
    parts = (step.value_chain_activities, step.practices, step.team, step.system, step.value_class, step.benefit)
    return not all((*parts, step.tasks, step.input, step.output, step.estimate, step.wastes))


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_uses_the_names_of_its_framework(name: str) -> None:
    stream = load_template(name)
    framework = load_framework(stream.framework)
    practices = [framework.practice(practice) for step in stream.steps for practice in step.practices]
    activities = [framework.activity(activity) for step in stream.steps for activity in step.value_chain_activities]

    assert None not in practices
    assert None not in activities


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_written_and_read_again_is_the_same(name: str) -> None:
    stream = load_template(name)

    assert parse_stream(stream_to_yaml(stream)) == stream
    assert stream_to_yaml(stream, like=template_text(name)) == template_text(name)


def test_the_worked_example_places_every_status_of_the_sample_in_its_step() -> None:
    placed = {
        status: step.name
        for step in load_template("hr-access").steps
        for match in step.match
        for status in match.status
    }

    assert placed == {row.status: row.step for row in STATUSES}
