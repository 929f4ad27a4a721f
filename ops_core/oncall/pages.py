"""Paging: policies begin, go on step by step, and stop when somebody has it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from ops_core.errors import Conflict, Forbidden, Invalid, NotFound
from ops_core.incidents import deadlines, incident, timeline
from ops_core.incidents.timeline import Milestone
from ops_core.oncall import calling, escalation, events, resuming, steps
from ops_core.oncall.escalation import Escalation, Page
from ops_core.oncall.matter import Matter
from ops_core.oncall.person import Way
from ops_core.oncall.policy import ON_CALL, Policy, PolicyStep, Until
from ops_core.oncall.reach import Act, escalation_of
from ops_core.oncall.roster import Roster
from ops_core.people import TOCSIN, Role, Roles
from ops_core.rhythm import task
from ops_core.rhythm.task import Task
from ops_core.severity import Severity
from ops_core.store.transaction import Store, Transaction

log = logging.getLogger(__name__)

LONGEST_WHY = 500


class Pages:
    """Who is paged about what. The methods that take `tx` are for use within another's transaction."""

    def __init__(
        self,
        store: Store,
        roster: Roster,
        policies: Sequence[Policy],
        roles: Roles,
        acknowledge_alert: Callable[[int, str], object],
        gaps: Sequence[str] = (),
    ) -> None:
        self.store = store
        self.roster = roster
        self.policies = tuple(policies)
        self.roles = roles
        self.acknowledge_alert = acknowledge_alert
        self.gaps = tuple(gaps)
        """What the policies lack, in words: people whom nobody is, severities at which nothing begins."""

    def page(self, target: str, why: str, by: str, severity: Severity = Severity.P1) -> Escalation:
        """Page a person, a schedule or a policy by hand. Raises `NotFound` with those there are."""
        self.roles.require(by, Role.RESPONDER, "page somebody")
        if not why.strip():
            raise Invalid("Say why.", hint="`/ops page <person or policy> <why>`.")
        policy = next((one for one in self.policies if one.name == target.lower()), None)
        if policy is None:
            target = self._spelled(target)
            self._must_exist(target)
            policy = Policy("by hand", (PolicyStep((target,), until=Until.ACKNOWLEDGED),))
        title = " ".join(why.split())[:LONGEST_WHY]
        with self.store.transaction() as tx:
            return self._begin(tx, policy, Matter("page:new", title, severity), by)

    def acknowledge(self, number: int, by: str) -> Escalation:
        """Say that you have it. Raises `Conflict` when somebody has, or when it is over."""
        self.roles.require(by, Role.RESPONDER, "acknowledge a page")
        with self.store.read() as session:
            one = escalation.get(session, number)
        if one.ended_at:
            raise Conflict(f"{one.ref} is over: {one.ended_because}.")
        if one.acknowledged_by:
            raise Conflict(f"{one.ref} was acknowledged by <@{one.acknowledged_by}> already.")
        noun, _, named = one.subject.partition(":")
        if noun == "alert":
            self.acknowledge_alert(int(named), by)
            return one
        with self.store.transaction() as tx:
            if one.incident_id is not None:
                self._respond(tx, one.incident_id, by)
            self.acknowledged(tx, one.subject, by, heard="acknowledged the page")
        return one

    def heard(self, key: str, act: Act, by: str) -> bool:
        """Another system says that a page was acknowledged or resolved there; False for what is not ours.

        `by` is who did it, as that system calls them. What is answered already is left as it is.
        """
        number = escalation_of(key)
        if number is None or act is Act.TRIGGER:
            return False
        person = self.roster.people.named(by)
        try:
            self.acknowledge(number, person.actor if person else by)
        except NotFound:
            return False
        except Conflict:
            return True
        except Forbidden as error:  # nothing that a repetition of the request would mend
            log.warning("%s was answered by %s, which does not count: %s", key, by, error.message)
            return True
        return True

    def failed(self, tx: Transaction, number: int, way: Way, why: str) -> None:
        """A way to reach somebody does not work: cards and threads say so, whoever else is reached."""
        page = tx.session.get(Page, number)
        if page is None:
            return
        one = escalation.get(tx.session, page.escalation_id)
        page.failed = [*page.failed, way.value]
        tx.session.add(page)
        if not escalation.reached(tx.session, page):
            steps.bring_forward(tx.session, one, page.step, tx.now)
        tx.record(
            events.PageFailed(
                by=TOCSIN,
                at=tx.now,
                escalation=one.number,
                about=one.subject,
                in_incident=one.incident_id,
                person=page.label,
                way=way.label,
                why=why,
            )
        )

    def step(self, due: Task) -> None:
        """Page whom a step names, together with whatever else of its escalation fell due meanwhile."""
        with self.store.transaction() as tx:
            if not task.finish(tx.session, due):
                return
            one = escalation.get(tx.session, int(due.subject.partition(":")[2]))
            together = [each for each in escalation.next_steps(tx.session, one) if each.due_at <= tx.now]
            for each in together:
                task.finish(tx.session, each)
            ordered = sorted((due, *together), key=lambda each: each.due_at)  # whichever was looked at first
            open_ones = [each for each in ordered if not steps.is_over(one, steps.load(each).until)]
            if open_ones:
                late = tx.now - open_ones[0].due_at
                calling.call(tx, self.roster, one, [steps.load(each) for each in open_ones], TOCSIN, late)

    def reconsider(self, tx: Transaction, matter: Matter, by: str = TOCSIN, *, begin: bool = True) -> None:
        """Begin, change or end what is active for a matter, as its severity and type now ask for."""
        matter = self._known(matter)
        running = {one.policy: one for one in escalation.active(tx.session, matter.subject)}
        for policy in self.policies:
            one, serves = running.get(policy.name), matter.asks_for(policy)
            if one is None and serves and begin:
                self._begin_or_resume(tx, policy, matter, by)
            elif one is not None and not serves:
                said = f"it is {matter.severity} now"
                self._end(tx, one, by, said, aloud=matter.incident is None)
            elif one is not None:
                self._replan(tx, one, policy, matter, by)

    def move(self, tx: Transaction, subject: str, matter: Matter) -> None:
        """What was about an alert is about its incident from now on."""
        for one in escalation.active(tx.session, subject):
            one.subject, one.incident_id = matter.subject, matter.incident
            one.title, one.model = matter.title, matter.model
            tx.session.add(one)
        tx.session.flush()

    def acknowledged(self, tx: Transaction, subject: str, by: str, heard: str = "") -> None:
        """Somebody has it: what waits for that need not happen. A page by hand is over then."""
        for one in escalation.active(tx.session, subject):
            if one.acknowledged_at is None:
                one.acknowledged_at, one.acknowledged_by = tx.now, by
                steps.drop(tx.session, one)
                self._answer(tx, one, by, Act.ACKNOWLEDGE, heard)
                heard = ""
            if subject.startswith("page:"):
                one.ended_at, one.ended_because = tx.now, "acknowledged"
            tx.session.add(one)

    def contained(self, tx: Transaction, subject: str, by: str) -> None:
        """The damage has stopped, which is an answer too."""
        self.acknowledged(tx, subject, by)
        for one in escalation.active(tx.session, subject):
            one.contained_at = one.contained_at or tx.now
            steps.drop(tx.session, one)
            tx.session.add(one)

    def end(self, tx: Transaction, subject: str, by: str, because: str, *, aloud: bool = False) -> None:
        """It is over: nobody is paged any more, and whoever was hears so; `aloud`, the thread does too."""
        for one in escalation.active(tx.session, subject):
            self._end(tx, one, by, because, aloud=aloud)

    def _begin_or_resume(self, tx: Transaction, policy: Policy, matter: Matter, by: str) -> None:
        """What comes and goes is paged for once: it goes on where it stood."""
        one = resuming.of_before(tx.session, matter, policy, tx.now)
        if one is None:
            self._begin(tx, policy, matter, by)
            return
        resuming.reopen(tx, one, matter, policy)
        tx.record(
            events.PagesResumed(
                by=by,
                at=tx.now,
                escalation=one.number,
                about=one.subject,
                people=tuple(resuming.called(tx.session, one)),
            )
        )
        self._replan(tx, one, policy, matter, by)

    def _known(self, matter: Matter) -> Matter:
        """Without policies that are gone or not for its severity, so that the general ones hold again."""
        known = {one.name for one in self.policies if matter.severity in one.at}
        return replace(matter, policies=tuple(name for name in matter.policies if name in known))

    def _spelled(self, target: str) -> str:
        """A person or schedule as the settings spell it; anything else as it is."""
        names = [target, ON_CALL, *self.roster.people.by_key, *self.roster.names]
        known = {*names[1:]}
        return next((name for name in names if name in known and name.lower() == target.lower()), target)

    def _must_exist(self, target: str) -> None:
        if self.roster.people.find(target) is None and target not in (*self.roster.names, ON_CALL):
            policies = ", ".join(sorted(one.name for one in self.policies)) or "none"
            people = ", ".join(sorted(self.roster.people.by_key)) or "none"
            schedules = ", ".join(self.roster.names) or "none"
            hint = f"People: {people}. Schedules: on_call, {schedules}. Policies: {policies}."
            raise NotFound(f"“{target}” is nobody who can be paged.", hint=hint)

    def _begin(self, tx: Transaction, policy: Policy, matter: Matter, by: str) -> Escalation:
        one = Escalation(
            subject=matter.subject,
            policy=policy.name,
            severity=matter.severity,
            title=matter.title,
            model=matter.model,
            incident_id=matter.incident,
            started_at=tx.now,
            started_by=by,
        )
        tx.session.add(one)
        tx.session.flush()
        if matter.subject == "page:new":
            one.subject = f"page:{one.number}"
        self._plan(tx, one, policy, range(len(policy.steps)), by)
        return one

    def _plan(
        self, tx: Transaction, one: Escalation, policy: Policy, numbers: Sequence[int], by: str
    ) -> None:
        """Call at once whom a step that is due names; the others become rows."""
        due = []
        for number in numbers:
            step = policy.steps[number]
            planned = steps.Planned.of(number, step)
            at = one.started_at + step.delay(one.severity, by_hand=one.by_hand)
            if steps.is_over(one, step.until):
                continue
            if at <= tx.now:
                due.append(planned)
            else:
                tx.session.add(steps.row(one, planned, at))
        if due:
            calling.call(tx, self.roster, one, due, by)

    def _replan(self, tx: Transaction, one: Escalation, policy: Policy, matter: Matter, by: str) -> None:
        one.severity, one.title = matter.severity, matter.title
        tx.session.add(one)
        called = {page.step for page in escalation.pages(tx.session, one.number)}
        repeats = [due for due in escalation.next_steps(tx.session, one) if steps.load(due).number in called]
        task.cancel(tx.session, one.tasks)
        for due in repeats:
            tx.session.add(steps.row(one, steps.load(due), due.due_at))
        missing = [number for number in range(len(policy.steps)) if number not in called]
        self._plan(tx, one, policy, missing, by)

    def _end(self, tx: Transaction, one: Escalation, by: str, because: str, *, aloud: bool = False) -> None:
        one.ended_at, one.ended_because = tx.now, because
        tx.session.add(one)
        task.cancel(tx.session, one.tasks)
        self._answer(tx, one, by, Act.RESOLVE, f"nobody is paged any more: {because}" if aloud else "")

    def _answer(self, tx: Transaction, one: Escalation, by: str, act: Act, heard: str = "") -> None:
        tx.session.flush()
        tx.record(
            events.PagesAnswered(
                by=by,
                at=tx.now,
                escalation=one.number,
                about=one.subject,
                in_incident=one.incident_id,
                act=act,
                heard=heard,
            )
        )

    def _respond(self, tx: Transaction, number: int, by: str) -> None:
        """Whoever acknowledges the page of an incident has responded; command is still to be taken."""
        one = incident.get_open(tx.session, number)
        incident.join(tx.session, number, by, tx.now)
        timeline.reach(tx.session, number, Milestone.ACKNOWLEDGED, tx.now)
        deadlines.answered(tx, one)
