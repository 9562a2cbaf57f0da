from pathlib import Path

import pytest

from millrace.model.frameworks.framework import (
    SHIPPED,
    FrameworkFileInvalid,
    UnknownFramework,
    load_framework,
)


def test_itil4_has_34_practices_in_three_groups() -> None:
    groups = [practice.group for practice in load_framework("itil4").practices]

    assert {group: groups.count(group) for group in groups} == {"general": 14, "service": 17, "technical": 3}


def test_itil4_has_its_six_activities_and_its_tenets() -> None:
    framework = load_framework("itil4")

    assert [activity.name for activity in framework.value_chain_activities] == [
        "Plan",
        "Improve",
        "Engage",
        "Design & transition",
        "Obtain/build",
        "Deliver & support",
    ]
    assert len(framework.guiding_principles) == 7
    assert len(framework.dimensions) == 4
    assert len(framework.improvement_model) == 7


def test_itil5_has_a_life_cycle_of_eight_activities() -> None:
    assert [activity.name for activity in load_framework("itil5").value_chain_activities] == [
        "Discover",
        "Design",
        "Acquire",
        "Build",
        "Transition",
        "Operate",
        "Deliver",
        "Support",
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_in_a_framework_is_explained(name: str) -> None:
    framework = load_framework(name)

    assert all(each.purpose and each.inputs and each.outputs for each in framework.value_chain_activities)
    assert all(each.purpose for each in framework.practices)
    assert all(
        each.meaning for each in (*framework.guiding_principles, *framework.dimensions, *framework.improvement_model)
    )


@pytest.mark.parametrize(
    "called", ["deliver and support", "Deliver & Support", "DELIVER & SUPPORT", "deliver-and-support"]
)
def test_names_are_found_whatever_their_case_and_signs(called: str) -> None:
    activity = load_framework("itil4").activity(called)

    assert activity is not None
    assert activity.name == "Deliver & support"


def test_a_framework_of_ones_own_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("name: ours\npractices_from: itil4\nvalue_chain_activities: [{name: Serve}]\n")

    framework = load_framework("ours.yaml", folder=tmp_path)

    assert framework.activity("serve") is not None
    assert framework.practice("Service desk") is not None


def test_a_mistake_in_a_framework_file_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("name: ours\nvalue_chain_activities:\n  - name: Serve\n    purpos: help\n")

    with pytest.raises(FrameworkFileInvalid, match="line 4: “purpos” is no key here; did you mean “purpose”"):
        load_framework("ours.yaml", folder=tmp_path)


def test_an_unknown_framework_names_those_there_are() -> None:
    with pytest.raises(UnknownFramework, match="Shipped are itil4 and itil5"):
        load_framework("cobit")
