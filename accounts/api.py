"""The rules for programs: what they ask for, and their answers, as the command line and the calculator give them."""

from __future__ import annotations

import json
from typing import Any, cast

from django.urls import path
from drf_spectacular.utils import extend_schema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import staff_or_scope
from accounts.models import SCOPE_DECISIONS
from backoffice.terms.book import book
from backoffice.terms.interpreter import LONGEST_LINE, answer
from backoffice.terms.question import QuestionError
from backoffice.terms.registry import Rule, rules

# Enough for any screen or nightly list, and answered in a blink; the command line takes any number.
MOST_QUESTIONS = 1000
COMPONENTS = "#/components/schemas/"


class BodyTooLong(APIException):
    """More than anybody has to ask in one request."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"The body may hold {LONGEST_LINE} bytes at most; send the questions in several requests."


class RawJson(BaseParser):
    """Hands the body on as it came, so that what is no JSON gets the same answer as on the command line."""

    media_type = "application/json"

    def parse(  # type: ignore[override]  # the view that uses it wants the bytes
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> bytes:
        body: bytes = stream.read(LONGEST_LINE + 1)
        if len(body) > LONGEST_LINE:
            raise BodyTooLong
        return body


class Decisions(APIView):
    """Ask the contracts."""

    permission_classes = [staff_or_scope(SCOPE_DECISIONS)]
    parser_classes = [RawJson]

    @extend_schema(
        operation_id="decide",
        description=f"Ask one question, or up to {MOST_QUESTIONS} as a list. Each is answered by itself and in order; "
        "a question that cannot be answered gets an error in its place, which says what to change.",
        request={
            "application/json": {"oneOf": [{"$ref": f"{COMPONENTS}Question"}, {"$ref": f"{COMPONENTS}Questions"}]}
        },
        responses={
            200: {"oneOf": [{"$ref": f"{COMPONENTS}Answer"}, {"$ref": f"{COMPONENTS}Answers"}]},
            400: {"$ref": f"{COMPONENTS}Refusal"},
        },
    )
    def post(self, request: Request) -> Response:
        # An empty body is not parsed at all, and comes as an empty object.
        body = cast(bytes, request.data or b"")
        try:
            asked = json.loads(body.decode())
        except (ValueError, RecursionError):
            return refuse("bad_json", "the body is not JSON")
        if isinstance(asked, dict):
            return Response(answer(book(), asked))
        if not isinstance(asked, list):
            return refuse("bad_json", "the body is a question, a JSON object, or a list of questions")
        if len(asked) > MOST_QUESTIONS:
            return refuse("too_many", f"at most {MOST_QUESTIONS} questions at a time; these are {len(asked)}")
        return Response([answer(book(), question) for question in asked])


def refuse(code: str, message: str) -> Response:
    """The answer to a body of which nothing was asked, in the form that errors have everywhere."""
    return Response(QuestionError(code, None, message).as_json(), status=status.HTTP_400_BAD_REQUEST)


class RuleCatalogue(APIView):
    """What can be asked."""

    permission_classes = [staff_or_scope(SCOPE_DECISIONS)]

    @extend_schema(
        operation_id="list_rules",
        description="Every rule with its question in words, and the facts it asks for as JSON Schema.",
        responses={200: {"type": "array", "items": {"$ref": f"{COMPONENTS}Rule"}}},
    )
    def get(self, request: Request) -> Response:
        return Response(
            [{"rule": rule.name, "question": rule.question, "facts": facts_schema(rule)} for rule in rules().values()]
        )


class FactsSchema(GenerateJsonSchema):
    """Amounts and rates are strings of digits, and nothing else is taken for one."""

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return {"type": "string", "format": "decimal"}


def facts_schema(rule: Rule, references: str = "#/$defs/{model}") -> dict[str, Any]:
    """The JSON Schema of a rule's facts."""
    return rule.facts.model_json_schema(by_alias=True, ref_template=references, schema_generator=FactsSchema)


def with_facts(result: dict[str, Any], **_context: Any) -> dict[str, Any]:
    """Adds to the API's description what each rule asks for and what is answered (settings.SPECTACULAR_SETTINGS)."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    mapping = {}
    for rule in rules().values():
        name = "".join(part.title() for part in rule.name.replace(".", "_").split("_"))
        # The names of lists' items are only unique within one rule.
        facts = facts_schema(rule, f"{COMPONENTS}{name}{{model}}")
        schemas |= {f"{name}{inner}": schema for inner, schema in facts.pop("$defs", {}).items()}
        schemas[f"{name}Facts"] = facts
        schemas[f"{name}Question"] = _question(rule, f"{COMPONENTS}{name}Facts")
        mapping[rule.name] = f"{COMPONENTS}{name}Question"
    schemas["Question"] = {
        "oneOf": [{"$ref": reference} for reference in mapping.values()],
        "discriminator": {"propertyName": "rule", "mapping": mapping},
    }
    schemas |= _ANSWERS
    return result


def _question(rule: Rule, facts: str) -> dict[str, Any]:
    return {
        "type": "object",
        "title": rule.name,
        "description": rule.question,
        "required": ["rule", "vendor", "facts"],
        "properties": {
            "rule": {"const": rule.name},
            "vendor": {"type": "string", "enum": book().vendors()},
            "sheet": {
                "type": "string",
                "description": "One version of the contract as <vendor>/<from date>; without it, the newest answers.",
            },
            "facts": {"$ref": facts},
        },
    }


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


_TEXT = {"type": "string"}
_CITATION = _object(clause=_TEXT, says=_TEXT)
_CITATION["properties"]["reading"] = {"const": True, "description": "It rests on our reading of the contract."}
_ERROR = _object(code=_TEXT, field={"type": ["string", "null"]}, message=_TEXT)
_ANSWERS: dict[str, Any] = {
    "Questions": {"type": "array", "items": {"$ref": f"{COMPONENTS}Question"}, "maxItems": MOST_QUESTIONS},
    "Rule": _object(rule=_TEXT, question=_TEXT, facts={"type": "object", "description": "A JSON Schema."}),
    "Decision": _object(
        rule=_TEXT,
        vendor=_TEXT,
        sheet=_TEXT,
        outcome={"type": "object", "description": '{"covered": false} where the contract does not say.'},
        because={"type": "array", "items": _CITATION},
    ),
    "Refusal": _object(error=_ERROR),
    "Answer": {"oneOf": [{"$ref": f"{COMPONENTS}Decision"}, {"$ref": f"{COMPONENTS}Refusal"}]},
    "Answers": {"type": "array", "items": {"$ref": f"{COMPONENTS}Answer"}},
}

urlpatterns = [
    path("decisions/", Decisions.as_view(), name="decisions"),
    path("rules/", RuleCatalogue.as_view(), name="rules"),
]
