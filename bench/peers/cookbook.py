"""What OpenAI's cookbook does in "Data preparation and analysis for chat model fine-tuning", as a program.

Written anew from a description of it, not copied: the same seven checks, the same three distributions, the same
estimate of what is billed, the whole dataset in memory, as there. Usage: cookbook.py FILE RANKS, where RANKS is
cl100k_base as a JSON file of the npm package tiktoken, because Python's tiktoken would fetch it from the network.

Other than the original, it does not end with an exception where a message holds tool calls, a weight, a list or null:
what is no string counts no tokens. The text of special tokens is counted as text.
"""

import exit_usage  # noqa: F401

import base64
import json
import sys
from collections import Counter

import tiktoken

CONTEXT_TOKENS = 16_385
TARGET_EPOCHS = 3
MIN_TARGET_EXAMPLES, MAX_TARGET_EXAMPLES = 100, 25_000
MIN_DEFAULT_EPOCHS, MAX_DEFAULT_EPOCHS = 1, 25
MESSAGE_KEYS = {"role", "content", "name", "function_call", "weight"}
ROLES = {"system", "user", "assistant", "function"}


def load_encoding(path):
    with open(path, encoding="utf-8") as file:
        source = json.load(file)
    ranks = {}
    # Each line: "!", the rank of the first token, and tokens in base64.
    for line in source["bpe_ranks"].split("\n"):
        if not line:
            continue
        _, first, *tokens = line.split(" ")
        for rank, token in enumerate(tokens, int(first)):
            ranks[base64.b64decode(token)] = rank
    return tiktoken.Encoding(
        "cl100k_base",
        pat_str=source["pat_str"],
        mergeable_ranks=ranks,
        special_tokens=source["special_tokens"],
    )


def check_format(dataset):
    errors = Counter()
    for example in dataset:
        if not isinstance(example, dict):
            errors["data_type"] += 1
            continue
        messages = example.get("messages")
        if not messages:
            errors["missing_messages_list"] += 1
            continue
        for message in messages:
            if "role" not in message or "content" not in message:
                errors["message_missing_key"] += 1
            if any(key not in MESSAGE_KEYS for key in message):
                errors["message_unrecognized_key"] += 1
            if message.get("role") not in ROLES:
                errors["unrecognized_role"] += 1
            content = message.get("content")
            if (not content and not message.get("function_call")) or not isinstance(content, str):
                errors["missing_content"] += 1
        if not any(message.get("role") == "assistant" for message in messages):
            errors["example_missing_assistant_message"] += 1
    return errors


def count_all(encoding, messages):
    tokens = 3
    for message in messages:
        tokens += 3
        for key, value in message.items():
            if isinstance(value, str):
                tokens += len(encoding.encode(value, disallowed_special=()))
            if key == "name":
                tokens += 1
    return tokens


def count_assistant(encoding, messages):
    tokens = 0
    for message in messages:
        content = message.get("content")
        if message.get("role") == "assistant" and isinstance(content, str):
            tokens += len(encoding.encode(content, disallowed_special=()))
    return tokens


def distribution(values):
    ordered = sorted(values)

    def quantile(share):
        at = share * (len(ordered) - 1)
        low = int(at)
        high = min(low + 1, len(ordered) - 1)
        return ordered[low] + (ordered[high] - ordered[low]) * (at - low)

    return {
        "min": ordered[0],
        "max": ordered[-1],
        "mean": sum(ordered) / len(ordered),
        "median": quantile(0.5),
        # The cookbook calls them p5 and p95.
        "p10": quantile(0.1),
        "p90": quantile(0.9),
    }


def default_epochs(examples):
    if examples * TARGET_EPOCHS < MIN_TARGET_EXAMPLES:
        return min(MAX_DEFAULT_EPOCHS, MIN_TARGET_EXAMPLES // examples)
    if examples * TARGET_EPOCHS > MAX_TARGET_EXAMPLES:
        return max(MIN_DEFAULT_EPOCHS, MAX_TARGET_EXAMPLES // examples)
    return TARGET_EPOCHS


def main(path, ranks):
    with open(path, encoding="utf-8") as file:
        dataset = [json.loads(line) for line in file]
    errors = check_format(dataset)

    encoding = load_encoding(ranks)
    without_system = without_user = 0
    messages_per_example, totals, of_assistant = [], [], []
    for example in dataset:
        messages = example["messages"]
        roles = {message.get("role") for message in messages}
        without_system += "system" not in roles
        without_user += "user" not in roles
        messages_per_example.append(len(messages))
        totals.append(count_all(encoding, messages))
        of_assistant.append(count_assistant(encoding, messages))

    epochs = default_epochs(len(dataset))
    billed = sum(min(CONTEXT_TOKENS, tokens) for tokens in totals)
    report = {
        "examples": len(dataset),
        "errors": errors,
        "withoutSystem": without_system,
        "withoutUser": without_user,
        "messagesPerExample": distribution(messages_per_example),
        "tokensPerExample": distribution(totals),
        "assistantTokensPerExample": distribution(of_assistant),
        "tooLong": sum(tokens > CONTEXT_TOKENS for tokens in totals),
        "tokens": sum(totals),
        "billedPerEpoch": billed,
        "epochs": epochs,
        "billed": billed * epochs,
    }
    print(json.dumps(report))


main(*sys.argv[1:])
