"""Streams to draw: the worked example as it is and as it is to be, an incident stream that branches, and an odd one."""

from dataclasses import replace

from millrace.draw.map_picture import (
    Burst,
    Figure,
    MapPicture,
    MapState,
    MapStep,
    Outcome,
    Queue,
    Requester,
    ReworkRoute,
    Rung,
    SkipRoute,
    Stage,
    Totals,
)
from millrace.model.value_stream import ValueClass

MIN, H, D = 60.0, 3600.0, 86_400.0


def ladder_of(stages: tuple[Stage, ...]) -> tuple[Rung, ...]:
    """The ladder of the boxes on the main path."""
    main = [stage.steps[0] for stage in stages]
    return tuple(
        Rung(step.queue.wait if step.queue else None, step.process_time, None if step.process_time else step.lead_time)
        for step in main
    )


def _hr_steps() -> tuple[MapStep, ...]:
    return (
        MapStep(
            "submit", "1", "Submit request", "Service request management", "Employee", "Service portal",
            ValueClass.NECESSARY,
            process_time=Figure(3 * MIN, is_estimated=True), complete_and_accurate=Figure(0.90),
            volume_per_month=Figure(350), people=Figure(None, reason="the log names no requester"),
            automation=Figure(0.0),
        ),
        MapStep(
            "triage", "2", "Log and triage", "Service desk", "Service desk", "ITSM tool", ValueClass.NECESSARY,
            queue=Queue(Figure(4), Figure(12 * MIN), is_handoff=True),
            process_time=Figure(2 * MIN), complete_and_accurate=Figure(0.95), volume_per_month=Figure(350),
            people=Figure(6), automation=Figure(0.12), bursts=(Burst("3", "Incomplete forms come back"),),
        ),
        MapStep(
            "approve", "3", "Review and approve", "Information security management", "Access management",
            "Identity system", ValueClass.NECESSARY,
            queue=Queue(
                Figure(31), Figure(150 * MIN, note="p50 of 1,032 requests"), is_handoff=True,
                bursts=(Burst("1", "70 % of all waiting"),),
            ),
            process_time=Figure(3 * MIN), complete_and_accurate=Figure(0.97), volume_per_month=Figure(346),
            people=Figure(2), automation=Figure(0.0),
        ),
        MapStep(
            "configure", "4", "Configure access", "Infrastructure and platform management", "Automation script",
            "Identity system", ValueClass.VALUE_ADDING, is_automated=True,
            queue=Queue(Figure(9), Figure(30 * MIN), is_handoff=True, bursts=(Burst("2", "Manual provisioning"),)),
            process_time=Figure(15 * MIN), complete_and_accurate=Figure(0.99), volume_per_month=Figure(341),
            people=Figure(3), automation=Figure(0.40),
        ),
        MapStep(
            "deliver", "5", "Deliver to the user", "Service request management", "Automation script", "E-mail",
            ValueClass.VALUE_ADDING,
            queue=Queue(Figure(5), Figure(20 * MIN)),
            process_time=Figure(1 * MIN), complete_and_accurate=Figure(0.98), volume_per_month=Figure(341),
            people=Figure(3), automation=Figure(1.0),
        ),
        MapStep(
            "feedback", "6", "Feedback and improve", "Continual improvement", "Service desk", "Survey",
            ValueClass.NECESSARY,
            queue=Queue(None, Figure(3 * MIN)),
            process_time=Figure(1 * MIN), complete_and_accurate=Figure(0.99), volume_per_month=Figure(120),
            people=Figure(6), automation=Figure(0.5),
        ),
    )  # fmt: skip


def hr_current() -> MapPicture:
    """The worked example: 25 min of work in 4 h, most of the waiting before approval."""
    stages = tuple(Stage((step,)) for step in _hr_steps())
    return MapPicture(
        "HR application access",
        stages,
        subtitle="Service requests · catalogue item “HR application access” · Jan–Jun 2026",
        requester=Requester("Employee asks for access", Figure(350)),
        outcome=Outcome("User has access and has tried it", "CSAT 4.7 of 5"),
        rework=(
            ReworkRoute("triage", "submit", 0.05, "form incomplete"),
            ReworkRoute("configure", "approve", 0.012, "wrong role"),
        ),
        rungs=ladder_of(stages),
        totals=Totals(Figure(240 * MIN), Figure(25 * MIN), Figure(25 / 240), Figure(0.797), Figure(3)),
        clock_note="Times run around the clock: 1 d is 24 h.",
        footnotes=("Wait and work are medians of 2,103 requests delivered in the period.",),
    )


def hr_future() -> MapPicture:
    """The same stream as it is to be."""
    now = hr_current()
    by_id = {step.id: step for step in now.steps}

    def moved(id_: str, process: float, wait: float | None, name: str = "", **changed: Figure) -> MapStep:
        step = by_id[id_]
        queue = step.queue and Queue(
            Figure(1, before=step.queue.n_waiting.value if step.queue.n_waiting else None),
            Figure(wait, is_estimated=True, before=step.queue.wait.value if step.queue.wait else None),
            step.queue.is_handoff,
        )
        return replace(
            step,
            name=name or step.name,
            is_changed=bool(name),
            queue=queue,
            bursts=(),
            process_time=Figure(process, before=step.process_time.value if step.process_time else None),
            **changed,
        )

    steps = (
        moved("submit", 2 * MIN, None, "Submit pre-filled request", complete_and_accurate=Figure(0.99, before=0.90)),
        moved("triage", 1 * MIN, 2 * MIN, "Route by request type", complete_and_accurate=Figure(0.99, before=0.95)),
        moved("approve", 3 * MIN, 15 * MIN, "Approve (low risk: automatic)", automation=Figure(0.7, before=0.0)),
        moved("configure", 4 * MIN, 3 * MIN, "Provision standard roles", automation=Figure(0.9, before=0.4)),
        moved("deliver", 1 * MIN, 10 * MIN),
        moved("feedback", 1 * MIN, 3 * MIN),
    )
    stages = tuple(Stage((step,)) for step in steps)
    return replace(
        now,
        stages=stages,
        state=MapState.FUTURE,
        rework=(ReworkRoute("triage", "submit", 0.01, "form incomplete"),),
        rungs=ladder_of(stages),
        totals=Totals(
            Figure(45 * MIN, before=240 * MIN),
            Figure(12 * MIN, before=25 * MIN),
            Figure(12 / 45, before=25 / 240),
            Figure(0.92, before=0.797),
            Figure(2, before=3),
        ),
        footnotes=(),
    )


def incident() -> MapPicture:
    """Twelve steps with three ways through diagnosis, two jobs at the same time, skips, and rework over long ways."""

    def step(number: str, name: str, practice: str, team: str, wait: float, work: float, ok: float, volume: float,
             n: int, **more: object) -> MapStep:  # fmt: skip
        queue = Queue(Figure(n), Figure(wait), bool(more.pop("handoff", False)), more.pop("found", ()))  # type: ignore[arg-type]
        return MapStep(
            number, number, name, practice, team, queue=queue, process_time=Figure(work),
            complete_and_accurate=Figure(ok), volume_per_month=Figure(volume), people=Figure(8), **more,  # type: ignore[arg-type]
        )  # fmt: skip

    im, ce = "Incident management", "Change enablement"
    stages = (
        Stage((step("1", "Detect event or receive user report", "Monitoring and event management", "Service desk",
                    4 * MIN, 6 * MIN, 0.96, 412, 3),)),
        Stage((step("2", "Log, categorise and prioritise incident", im, "Service desk", 25 * MIN, 11 * MIN, 0.74, 412,
                    12, bursts=(Burst("21", "Category missing"),)),)),
        Stage((step("3", "First-line diagnosis with knowledge articles", im, "Service desk", 1.1 * H, 22 * MIN, 0.88,
                    412, 17),)),
        Stage((step("4", "Assign to resolver group", im, "Service desk", 50 * MIN, 4 * MIN, 0.63, 246, 9,
                    bursts=(Burst("22", "Wrong group in 37 %"),)),)),
        Stage((
            step("5a", "Second-line diagnosis (SAP Finance & Controlling applications)", im,
                 "Application Operations SAP Finance and Controlling", 1.2 * D, 48 * MIN, 0.81, 171, 41, handoff=True,
                 share_ratio=0.61, found=(Burst("23", "Long queue"),)),
            step("5b", "Infrastructure diagnosis: network, storage and virtual machines",
                 "Infrastructure and platform management", "Infrastructure Operations", 7.2 * H, 55 * MIN, 0.85, 75, 28,
                 handoff=True, share_ratio=0.31),
            step("5c", "Vendor or third-party analysis", "Supplier management", "External vendor", 2.8 * D, 1.6 * H,
                 0.79, 22, 14, handoff=True, share_ratio=0.08, found=(Burst("24", "Vendor waits"),)),
        )),
        Stage((step("6", "Raise emergency or normal change", ce, "Application Operations SAP Finance", 3.1 * H,
                    25 * MIN, 0.90, 64, 7, handoff=True),)),
        Stage((step("7", "Authorise change (Change Advisory Board, weekly meeting)", ce, "Change Advisory Board",
                    3.4 * D, 9 * MIN, 0.92, 64, 19, handoff=True,
                    found=(Burst("25", "Weekly batch"), Burst("26", "Never refused"))),)),
        Stage((
            step("8a", "Implement and test fix", "Deployment management", "Application Operations SAP Finance", 1.3 * D,
                 1.2 * H, 0.86, 64, 11),
            step("8b", "Tell users and update the status page", "Service desk", "Service desk", 20 * MIN, 5 * MIN,
                 0.99, 64, 2, handoff=True),
        ), is_parallel=True),
        Stage((step("9", "Verify resolution with the user", im, "Service desk", 5.4 * H, 9 * MIN, 0.93, 398, 26,
                    handoff=True),)),
        Stage((step("10", "Close incident and update knowledge", "Knowledge management", "Service desk", 1.9 * D,
                    7 * MIN, 0.97, 390, 58, bursts=(Burst("27", "Closing tail"),)),)),
        Stage((step("11", "Look for the cause", "Problem management", "Problem management", 3.2 * D, 2.5 * H, 0.9, 12,
                    8, handoff=True),)),
        Stage((step("12", "Review and improve", "Continual improvement", "Service owner", 6 * D, 30 * MIN, 1.0, 12,
                    4, handoff=True),)),
    )  # fmt: skip
    return MapPicture(
        "Restore service: incident with change",
        stages,
        subtitle="Incidents P2–P4 · Jan–Jun 2026 · all sites",
        requester=Requester("User or monitoring reports a fault", Figure(412), "incidents"),
        outcome=Outcome("Service restored, user confirmed"),
        rework=(
            ReworkRoute("4", "2", 0.11, "category missing"),
            ReworkRoute("5a", "4", 0.37, "wrong resolver group"),
            ReworkRoute("8a", "6", 0.08, "change failed"),
            ReworkRoute("9", "5a", 0.14, "not resolved, reopened"),
            ReworkRoute("5c", "4", 0.05, "not theirs"),
            ReworkRoute("3", "3", 0.12, "second look"),
        ),
        skips=(SkipRoute("3", "9", 0.40), SkipRoute("10", "12", 0.97, "no problem record"), SkipRoute("5b", "9", 0.2)),
        rungs=ladder_of(stages),
        totals=Totals(
            Figure(9.6 * D, note="p50"), Figure(3.5 * H), Figure(0.046), Figure(0.2), Figure(4),
        ),
    )  # fmt: skip


def odd() -> MapPicture:
    """What no one plans for: long words, other scripts, unknown and estimated figures, very small and large ones."""
    stages = (
        Stage((MapStep("a b", "1", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
                       "配置管理と情報セキュリティ管理の実践", "サービスデスク第一チーム（東京）",
                       queue=Queue(Figure(1_234_567), Figure(9e9), True), lead_time=Figure(0.002),
                       complete_and_accurate=Figure(0.9999), volume_per_month=Figure(98_765_432)),)),
        Stage((MapStep("<2>", "2a", "בקשת גישה ואישור מנהל & <script>alert(1)</script>", "", "فريق الدعم الفني",
                       value_class=ValueClass.WASTE, queue=Queue(Figure(None, reason="no status"), Figure(None)),
                       lead_time=Figure(3.3e8, is_estimated=True), share_ratio=0.9996,
                       complete_and_accurate=Figure(None, reason="nobody is asked"), volume_per_month=Figure(0.4),
                       bursts=tuple(Burst(str(n), "why") for n in range(5)), href="/steps/2?a=1&b=2"),
               MapStep("c", "2b", "👩‍👩‍👧‍👦🚀 launch", "Release", "🦄", share_ratio=0.0004,
                       queue=Queue(None, Figure(61.0)), lead_time=Figure(1.0), volume_per_month=Figure(3)))),
    )  # fmt: skip
    return MapPicture(
        "Ein sehr langer Titel " * 12,
        stages,
        MapState.DESIGNED,
        rework=(ReworkRoute("<2>", "a b", 1.0, "x" * 90), ReworkRoute("<2>", "<2>", 0.0), ReworkRoute("c", "a b")),
        skips=(SkipRoute("a b", "c", 0.5),),
        rungs=(Rung(undivided=Figure(0.002)), Rung(undivided=Figure(3.3e8, is_estimated=True))),
        totals=Totals(Figure(3.3e8), Figure(None, reason="the log has ends only"), Figure(None, reason="likewise")),
        hours_per_day=8,
    )
