#!/usr/bin/python3
"""Writes tiny models with random weights, and what they answer, computed here with NumPy from the papers' formulas.

Run once with Debian's python3-numpy: /usr/bin/python3 generate.py. Everything is float64 here and float32 in the files.
RMSNorm (arXiv 1910.07467), rotary positions (2104.09864), grouped queries (2305.13245), SwiGLU (2002.05202),
norms on queries and keys as Qwen3 has them (2505.09388), stretched rotary frequencies as Llama 3.1 has them (2407.21783).
"""
import json, math, os, struct
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20260501)

BASE = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, vocab_size=264, rms_norm_eps=1e-6,
            rope_theta=10000.0, tie_word_embeddings=False, hidden_act="silu", max_position_embeddings=4096, bos_token_id=256, eos_token_id=258, pad_token_id=256, torch_dtype="float32")

MODELS = {
    "qwen2": dict(model_type="qwen2", architectures=["Qwen2ForCausalLM"], tie_word_embeddings=True, rope_theta=1000000.0),
    "qwen3": dict(model_type="qwen3", architectures=["Qwen3ForCausalLM"], head_dim=16),
    "llama": dict(model_type="llama", architectures=["LlamaForCausalLM"], rms_norm_eps=1e-5, eos_token_id=[258, 256],
                  rope_scaling=dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)),
    "qwen2-classifier": dict(model_type="qwen2", architectures=["Qwen2ForSequenceClassification"], id2label={"0": "LABEL_0"}, rope_theta=1000000.0),
    "llama-classifier": dict(model_type="llama", architectures=["LlamaForSequenceClassification"], id2label={"0": "bad", "1": "fair", "2": "good"}),
    "qwen3-values": dict(model_type="qwen3", architectures=["Qwen3ForTokenClassification"], head_dim=16, id2label={"0": "LABEL_0"}),
    "llama-value-head": dict(model_type="llama", architectures=["LlamaForCausalLMWithValueHead"]),
}

ROWS = [[256, 72, 101, 108, 108, 111, 32, 119, 111, 114, 108, 100, 33, 10, 65, 66, 67, 200, 201, 202, 5, 6, 7], [84, 104, 101, 32, 99, 97, 116], [63], [255, 0, 128, 128, 128, 31, 7, 8, 9, 10, 11, 258]]


def settings(name):
    c = dict(BASE, **MODELS[name])
    c["d"] = c.get("head_dim", c["hidden_size"] // c["num_attention_heads"])
    return c


def weights(c):
    H, I, V, d = c["hidden_size"], c["intermediate_size"], c["vocab_size"], c["d"]
    q, kv = c["num_attention_heads"] * d, c["num_key_value_heads"] * d
    r = lambda *shape, s=0.25: (rng.standard_normal(shape) * s).astype(np.float32)
    w = {"model.embed_tokens.weight": r(V, H, s=0.6), "model.norm.weight": 1 + r(H, s=0.1)}
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        w.update({p + "input_layernorm.weight": 1 + r(H, s=0.1), p + "post_attention_layernorm.weight": 1 + r(H, s=0.1),
                  p + "self_attn.q_proj.weight": r(q, H), p + "self_attn.k_proj.weight": r(kv, H), p + "self_attn.v_proj.weight": r(kv, H), p + "self_attn.o_proj.weight": r(H, q),
                  p + "mlp.gate_proj.weight": r(I, H), p + "mlp.up_proj.weight": r(I, H), p + "mlp.down_proj.weight": r(H, I)})
        if c["model_type"] == "qwen2":
            w.update({p + f"self_attn.{n}_proj.bias": r(size) for n, size in (("q", q), ("k", kv), ("v", kv))})
        if c["model_type"] == "qwen3":
            w.update({p + "self_attn.q_norm.weight": 1 + r(d, s=0.1), p + "self_attn.k_norm.weight": 1 + r(d, s=0.1)})
    kind = c["architectures"][0]
    if "Classification" in kind:
        w["score.weight"] = r(len(c["id2label"]), H)
        if "Token" in kind:
            w["score.bias"] = r(len(c["id2label"]))
    else:
        if not c["tie_word_embeddings"]:
            w["lm_head.weight"] = r(V, H)
        if "ValueHead" in kind:
            w["v_head.summary.weight"] = r(1, H)
            w["v_head.summary.bias"] = r(1)
    return w


def frequencies(c):
    d = c["d"]
    f = [c["rope_theta"] ** (-2.0 * i / d) for i in range(d // 2)]
    s = c.get("rope_scaling")
    if not s:
        return f
    out = []
    for x in f:
        turns = s["original_max_position_embeddings"] * x / (2 * math.pi)   # how often it turns within the original context
        if turns >= s["high_freq_factor"]:
            out.append(x)
        elif turns <= s["low_freq_factor"]:
            out.append(x / s["factor"])
        else:
            a = (turns - s["low_freq_factor"]) / (s["high_freq_factor"] - s["low_freq_factor"])
            out.append((1 - a) * x / s["factor"] + a * x)
    return out


def norm(x, g, eps):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * g


def rotate(x, f):
    # Each pair (i, i + d/2) is one complex number, turned by its frequency times the position.
    half = x.shape[-1] // 2
    z = x[..., :half] + 1j * x[..., half:]
    z = z * np.exp(1j * np.outer(np.arange(x.shape[0]), f))
    return np.concatenate([z.real, z.imag], -1)


def hidden(c, w, ids):
    w = {k: v.astype(np.float64) for k, v in w.items()}
    f, d, eps = frequencies(c), c["d"], c["rms_norm_eps"]
    x = w["model.embed_tokens.weight"][ids]
    group = c["num_attention_heads"] // c["num_key_value_heads"]
    for i in range(c["num_hidden_layers"]):
        p = f"model.layers.{i}."
        h = norm(x, w[p + "input_layernorm.weight"], eps)
        project = lambda n: h @ w[p + f"self_attn.{n}_proj.weight"].T + w.get(p + f"self_attn.{n}_proj.bias", 0)
        q, k, v = project("q"), project("k"), project("v")
        heads = []
        for j in range(c["num_attention_heads"]):
            g = j // group
            qj, kj, vj = q[:, j * d:(j + 1) * d], k[:, g * d:(g + 1) * d], v[:, g * d:(g + 1) * d]
            if c["model_type"] == "qwen3":
                qj, kj = norm(qj, w[p + "self_attn.q_norm.weight"], eps), norm(kj, w[p + "self_attn.k_norm.weight"], eps)
            s = rotate(qj, f) @ rotate(kj, f).T / math.sqrt(d)
            s = np.where(np.tril(np.ones_like(s)) > 0, s, -np.inf)
            s = np.exp(s - s.max(-1, keepdims=True))
            heads.append(s / s.sum(-1, keepdims=True) @ vj)
        x = x + np.concatenate(heads, -1) @ w[p + "self_attn.o_proj.weight"].T
        h = norm(x, w[p + "post_attention_layernorm.weight"], eps)
        gate = h @ w[p + "mlp.gate_proj.weight"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ w[p + "mlp.up_proj.weight"].T)) @ w[p + "mlp.down_proj.weight"].T
    return norm(x, w["model.norm.weight"], eps)


def head(c, w, x):
    name = "score" if "score.weight" in w else "lm_head"
    m = w["model.embed_tokens.weight"] if name + ".weight" not in w else w[name + ".weight"]
    return x @ m.astype(np.float64).T + w.get(name + ".bias", np.zeros(1)).astype(np.float64)


def bf16(a):
    u = a.astype(np.float32).view(np.uint32)
    return ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype(np.uint16)


def write(path, tensors, kind="F32"):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for k in sorted(tensors):
        raw = tensors[k].astype("<f4").tobytes() if kind == "F32" else bf16(tensors[k]).astype("<u2").tobytes()
        header[k] = {"dtype": kind, "shape": list(tensors[k].shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    h = json.dumps(header).encode()
    h += b" " * (-len(h) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(h)) + h + data)


def tokenizer(folder):
    # Byte-level, without merges: one token a byte, as GPT-2 spells bytes, and three special tokens.
    visible = [b for b in range(256) if 33 <= b <= 126 or 161 <= b <= 172 or 174 <= b <= 255]
    spelled = {b: chr(b) for b in visible}
    spelled.update({b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in visible)})
    special = [{"id": 256 + i, "content": t, "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False} for i, t in enumerate(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])]
    split = {"type": "Split", "pattern": {"Regex": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"}, "behavior": "Isolated", "invert": False}
    json.dump({"version": "1.0", "added_tokens": special, "normalizer": None, "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}]},
               "decoder": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False},
               "model": {"type": "BPE", "dropout": None, "unk_token": None, "byte_fallback": False, "vocab": {spelled[b]: b for b in range(256)}, "merges": []}},
              open(os.path.join(folder, "tokenizer.json"), "w"), ensure_ascii=False)
    json.dump({"tokenizer_class": "Qwen2Tokenizer", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>",
               "chat_template": "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n"}, open(os.path.join(folder, "tokenizer_config.json"), "w"))


for name in MODELS:
    c = settings(name)
    folder = os.path.join(HERE, name)
    os.makedirs(folder, exist_ok=True)
    w = weights(c)
    kind = "BF16" if name == "llama-value-head" else "F32"
    if kind == "BF16":
        w = {k: (bf16(v).astype(np.uint32) << 16).view(np.float32) for k, v in w.items()}
    json.dump({k: v for k, v in c.items() if k != "d"}, open(os.path.join(folder, "config.json"), "w"), indent=1)
    if name == "llama":
        first = {k: v for k, v in w.items() if "layers.1" not in k}
        second = {k: v for k, v in w.items() if "layers.1" in k}
        shards = {"model-00001-of-00002.safetensors": first, "model-00002-of-00002.safetensors": second}
        for file, part in shards.items():
            write(os.path.join(folder, file), part)
        json.dump({"metadata": {"total_size": 0}, "weight_map": {k: file for file, part in shards.items() for k in part}}, open(os.path.join(folder, "model.safetensors.index.json"), "w"))
    else:
        write(os.path.join(folder, "model.safetensors"), w, kind)
    if name in ("qwen2", "qwen2-classifier", "qwen3-values"):
        tokenizer(folder)

    golden = {"rows": ROWS, "outputs": []}
    for ids in ROWS:
        x = hidden(c, w, ids)
        if "v_head.summary.weight" in w:
            out = x @ w["v_head.summary.weight"].astype(np.float64).T + w["v_head.summary.bias"].astype(np.float64)
        else:
            out = head(c, w, x)
        golden["outputs"].append([[float("%.7g" % v) for v in row] for row in (out[-2:] if out.shape[1] > 8 else out)])
    if c["architectures"][0].endswith("ForCausalLM"):
        golden["greedy"] = []
        for ids in ROWS:
            ids = list(ids)
            n = len(ids)
            while len(ids) < n + 12:
                ids.append(int(np.argmax(head(c, w, hidden(c, w, ids)[-1:]))))
            golden["greedy"].append(ids[n:])
    json.dump(golden, open(os.path.join(folder, "golden.json"), "w"))
