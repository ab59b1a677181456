"""As much of google-genai as our programs use, for machines without it: what they say becomes JSON, which is sent to base_url."""

import base64
import json
import os
import urllib.request

from . import types


class Client:
    def __init__(self, *, http_options, api_key=None, vertexai=False, project=None, location=None):
        self._options = http_options.fields
        self._headers = {"authorization": f"Bearer {os.environ['TEST_TOKEN']}"} if vertexai else {"x-goog-api-key": api_key}
        self._folder = f"projects/{project}/locations/{location}/publishers/google/" if vertexai else ""
        self.models = self.files = self

    def generate_content(self, *, model, contents, config=None):
        body = {"contents": plain(contents)}
        settings = plain(config) if config else {}
        instruction = settings.pop("systemInstruction", None)
        if instruction is not None:
            body["systemInstruction"] = {"role": "user", "parts": [{"text": instruction}]}
        if "safetySettings" in settings:
            body["safetySettings"] = settings.pop("safetySettings")
        if "serviceTier" in settings:
            body["serviceTier"] = settings.pop("serviceTier")
        body["generationConfig"] = settings
        reply = self._post(f"models/{model}:generateContent", body)
        parts = reply["candidates"][0]["content"]["parts"]
        return types.Any(text="".join(part.get("text", "") for part in parts if not part.get("thought")))

    def _post(self, path, body):
        request = urllib.request.Request(
            f"{self._options['base_url']}/{self._options['api_version']}/{self._folder}{path}",
            json.dumps(body).encode(),
            {"content-type": "application/json", **self._headers},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)


def plain(value):
    """Objects of `types` as the JSON of the REST API."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, types.Any):
        return {camel(name): plain(inner) for name, inner in value.fields.items()}
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return value


def camel(name):
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
