"""The controls of the stage: a spec, asked for field by field."""

from typing import Any

from django import forms

from lessons.content.model import Lesson, Preset
from lessons.lab import spec as limits
from lessons.lab.events import MAX_PREDICTION, PredictionMade
from lessons.lab.spec import LaneSpec, RunSpec, SpecError
from lessons.stage import prediction


class LanesField(forms.MultipleChoiceField):
    """Offers the listed lanes and takes those of examples, too, which send them in hidden fields.

    No others: a solution or the filling of a blank would show its code before it is due.
    """

    def of(self, lesson: Lesson) -> None:
        """Ask for lanes of this lesson."""
        self.choices = [(lane.id, lane.name) for lane in lesson.lanes if lane.listed]
        self.known = frozenset(id for id, _ in self.choices).union(*(each.lanes for each in lesson.teaching.examples))

    def valid_value(self, value: Any) -> bool:
        """Is it the id of a lane that may be asked for?"""
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
        label="Worker threads",
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

    every = forms.FloatField(
        label="One request every",
        required=False,
        min_value=0,
        max_value=limits.MAX_EVERY,
        error_messages={
            "invalid": "write a number of seconds, for example 0.1, or leave it empty.",
            "min_value": "requests cannot come sooner than %(limit_value)s s after each other.",
            "max_value": "send one at least every %(limit_value)s s.",
        },
        widget=forms.HiddenInput(),
    )
    prediction = forms.FloatField(
        label="Your guess",
        required=False,
        min_value=0,
        max_value=MAX_PREDICTION,
        help_text="s",
        error_messages={
            "invalid": "write a number of seconds, for example 3.5, or leave it empty.",
            "min_value": "no run takes less than %(limit_value)s s.",
            "max_value": "write at most %(limit_value)g s.",
        },
        widget=forms.NumberInput(attrs={"step": "0.1"}),
    )

    def __init__(self, lesson: Lesson, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", preset_initial(lesson, lesson.presets[0]))
        super().__init__(*args, **kwargs)
        self.lesson = lesson
        lanes = self.fields["lanes"]
        assert isinstance(lanes, LanesField)
        lanes.of(lesson)
        self.pooled = any(lane.server in limits.POOLED for lane in lesson.lanes if lane.listed)
        if not self.pooled:
            self.fields["workers"].widget = forms.HiddenInput()
        example = self.data.get("example", "") if self.is_bound else ""
        self.example = next((each for each in lesson.teaching.examples if each.id == example), None)
        if lesson.teaching.prediction is None and not self.example:
            del self.fields["prediction"]
        elif not self.example:
            self.fields["prediction"].widget.attrs["aria-describedby"] = "prediction-question"
        for name in self.errors if self.is_bound else ():
            attrs = self.fields[name].widget.attrs
            described = f"error-{name} {attrs.get('aria-describedby', '')}".strip()
            attrs |= {"aria-invalid": "true", "aria-describedby": described}

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The number fields, in order."""
        return [self["requests"], self["wait"], *([self["workers"]] if self.pooled else [])]

    @property
    def refusal(self) -> str:
        """All that is wrong with what was sent, in sentences."""
        fields = [f"{self[name].label}: {error}" for name in self.fields for error in self[name].errors]
        return " ".join([*self.non_field_errors(), *fields])

    @property
    def question(self) -> str:
        """What is to be predicted, with the numbers that stand in the form; in general while they are none."""
        asked = self.lesson.teaching.prediction
        if asked is None:
            return ""
        if asked.lane not in (self["lanes"].value() or ()):
            return self.elsewhere
        try:
            values = {name: self.fields[name].clean(self[name].value()) for name in ("requests", "workers", "wait")}
        except forms.ValidationError:
            return asked.question
        return prediction.exact_question(asked, **values)

    @property
    def elsewhere(self) -> str:
        """What is said when the lane that the prediction is about is not to run."""
        name = self.lesson.lane(self._predicted_lane).name
        return f"It is about the lane {name}, which is not ticked, so it does not count now."

    def clean(self) -> dict[str, Any]:
        """The cleaned data with the spec in it, unless a field is wrong; a bad spec is told at its field."""
        data = super().clean() or self.cleaned_data
        if "lanes" in data and self._predicted_lane not in data["lanes"]:
            self.errors.pop("prediction", None)  # of a lane that does not run: whatever stands there is not asked for
            data["prediction"] = None
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

    def predicted(self) -> PredictionMade | None:
        """What was predicted in a valid form; None when it was skipped, or its lane is not to run."""
        seconds = self.cleaned_data.get("prediction")
        return None if seconds is None else PredictionMade(self._predicted_lane, seconds)

    @property
    def _predicted_lane(self) -> str:
        if self.example:
            return self.example.ask
        asked = self.lesson.teaching.prediction
        return asked.lane if asked else ""

    def _spec(self, data: dict[str, Any]) -> RunSpec:
        return RunSpec(
            lesson=self.lesson.slug,
            lanes=tuple(map(LaneSpec.parse, data["lanes"])),
            requests=data["requests"],
            wait=data["wait"],
            workers=data["workers"],
            every=data["every"] or 0.0,
        )


def preset_initial(lesson: Lesson, preset: Preset) -> dict[str, Any]:
    """Initial values of the form for a preset."""
    return {
        "requests": preset.requests,
        "wait": preset.wait,
        "workers": preset.workers,
        "lanes": [lane.id for lane in lesson.lanes if lane.chosen],
    }


def spec_initial(lesson: Lesson, spec: RunSpec) -> dict[str, Any]:
    """Initial values of the form for a run's spec. Lanes that are not listed cannot be ticked, so others are."""
    listed = {lane.id for lane in lesson.lanes if lane.listed}
    ticked = [lane.lane for lane in spec.lanes if lane.lane in listed]
    return {
        "requests": spec.requests,
        "wait": spec.wait,
        "workers": spec.workers,
        "lanes": ticked or [lane.id for lane in lesson.lanes if lane.chosen],
    }
