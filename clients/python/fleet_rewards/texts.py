"""Prompts and completions as trainers hold them: texts, or lists of chat messages."""

from __future__ import annotations

from typing import Any, Dict, Mapping


def response_text(completion: Any) -> str:
    """The text of a completion: itself, or what the assistant says in its messages."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, Mapping):
        return content_text(completion.get("content"))
    said = [message for message in completion if message.get("role", "assistant") == "assistant"]
    return "\n".join(content_text(message.get("content")) for message in said)


def content_text(content: Any) -> str:
    """The text of a message's content, which may be a list of parts."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or "" for part in content if isinstance(part, Mapping))


def prompt_columns(prompt: Any) -> Dict[str, Any]:
    """The prompt as a row's column: ``prompt`` for a text, ``messages`` for a list of messages, none for none."""
    if prompt is None:
        return {}
    return {"prompt": prompt} if isinstance(prompt, str) else {"messages": list(prompt)}
