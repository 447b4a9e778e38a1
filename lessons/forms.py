"""The controls of the stage: a spec, asked for field by field."""

from typing import Any

from django import forms

from lessons.content.model import Lesson, Preset
from lessons.lab import spec as limits
from lessons.lab.spec import LaneSpec, RunSpec, SpecError


class LanesField(forms.MultipleChoiceField):
    """Offers the listed lanes and takes those of examples, too, which send them in hidden fields.

    No others: a solution or the filling of a blank would show its code before it is due.
    """

    def of(self, lesson: Lesson) -> None:
        """Ask for lanes of this lesson."""
        self.choices = [(lane.id, lane.name) for lane in lesson.lanes if lane.listed]
        self.known = frozenset(id for id, _ in self.choices).union(*(each.lanes for each in lesson.teaching.examples))

    def valid_value(self, value: Any) -> bool:
        return str(value) in self.known


class RunForm(forms.Form):
    """What to run. `spec()` gives the validated spec."""

    requests = forms.IntegerField(
        label="Requests",
        min_value=limits.MIN_REQUESTS,
        max_value=limits.MAX_REQUESTS,
        error_messages={
            "required": "say how many requests to send.",
            "invalid": "write a whole number, for example 10.",
            "min_value": "send at least %(limit_value)s.",
            "max_value": "send at most %(limit_value)s.",
        },
    )
    wait = forms.FloatField(
        label="I/O wait",
        min_value=limits.MIN_WAIT,
        max_value=limits.MAX_WAIT,
        step_size=None,
        help_text="s",
        error_messages={
            "required": "say how long the data takes to come.",
            "invalid": "write a number of seconds, for example 1.5.",
            "min_value": "wait at least %(limit_value)s s.",
            "max_value": "wait at most %(limit_value)s s.",
        },
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )
    workers = forms.IntegerField(
        label="Sync workers",
        min_value=limits.MIN_WORKERS,
        max_value=limits.MAX_WORKERS,
        error_messages={
            "required": "say how many worker threads the WSGI server has.",
            "invalid": "write a whole number, for example 4.",
            "min_value": "a WSGI server needs at least %(limit_value)s.",
            "max_value": "at most %(limit_value)s.",
        },
    )
    lanes = LanesField(
        label="Lanes",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "choose at least one lane.",
            "invalid_choice": "%(value)s is not a lane of this lesson.",
        },
    )

    def __init__(self, lesson: Lesson, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", defaults(lesson, lesson.presets[0]))
        super().__init__(*args, **kwargs)
        self.lesson = lesson
        lanes = self.fields["lanes"]
        assert isinstance(lanes, LanesField)
        lanes.of(lesson)
        for name in self.errors if self.is_bound else ():
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"error-{name}"}

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The number fields, in order."""
        return [self["requests"], self["wait"], self["workers"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                data["spec"] = self._spec(data)
            except SpecError as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        return data

    def spec(self) -> RunSpec:
        """The spec of a valid form."""
        spec: RunSpec = self.cleaned_data["spec"]
        return spec

    def _spec(self, data: dict[str, Any]) -> RunSpec:
        lanes = (self.lesson.lane(id) for id in data["lanes"])
        return RunSpec(
            lesson=self.lesson.slug,
            lanes=tuple(LaneSpec(lane.sample, lane.server) for lane in lanes),  # type: ignore[arg-type]
            requests=data["requests"],
            wait=data["wait"],
            workers=data["workers"],
        )


def defaults(lesson: Lesson, preset: Preset) -> dict[str, Any]:
    """Initial values of the form for a preset."""
    return {
        "requests": preset.requests,
        "wait": preset.wait,
        "workers": preset.workers,
        "lanes": [lane.id for lane in lesson.lanes if lane.chosen],
    }


def of(lesson: Lesson, spec: RunSpec) -> dict[str, Any]:
    """Initial values of the form for a run's spec. Lanes that are not listed cannot be ticked, so others are."""
    listed = {lane.id for lane in lesson.lanes if lane.listed}
    ticked = [lane.lane for lane in spec.lanes if lane.lane in listed]
    return {
        "requests": spec.requests,
        "wait": spec.wait,
        "workers": spec.workers,
        "lanes": ticked or [lane.id for lane in lesson.lanes if lane.chosen],
    }
