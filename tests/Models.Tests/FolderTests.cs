using System.Text;
using System.Text.Json.Nodes;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Network;
using Fleet.Worker.Models.Weights;

namespace Fleet.Models.Tests;

public sealed class FolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(string name, string header, int bytes)
    {
        using var file = File.Create(Path.Combine(_folder, name));
        var json = Encoding.UTF8.GetBytes(header);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        file.Write(new byte[bytes]);
    }

    [Fact]
    public void A_tensor_is_where_the_header_says()
    {
        using var folder = WeightFolder.Open(TinyModels.Folder("llama"));
        var (file, tensor) = folder["model.layers.1.mlp.down_proj.weight"];
        Assert.Equal([32, 48], tensor.Shape);
        Assert.Equal(WeightType.Float32, tensor.Type);
        var bytes = new byte[tensor.Bytes];
        file.Copy(tensor, 0, bytes);
        Assert.InRange(Enumerable.Range(0, 1536).Average(i => Math.Abs(BitConverter.ToSingle(bytes, i * 4))), 0.1, 0.3);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}""", 15, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,12]}}""", 16, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[-16,0]}}""", 16, "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 16, "cannot be read")]
    [InlineData("""[1]""", 16, "cannot be read")]
    [InlineData("""{"a":""", 16, "cannot be read")]
    public void A_damaged_file_is_refused(string header, int bytes, string message)
    {
        Write("model.safetensors", header, bytes);
        Assert.Contains(message, Assert.Throws<ModelException>(() => WeightFolder.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.safetensors"), [.. BitConverter.GetBytes(long.MaxValue), 1, 2, 3]);
        Assert.Contains("its header would have", Assert.Throws<ModelException>(() => WeightFolder.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../other.safetensors", "outside of its folder")]
    [InlineData("model-2.safetensors", "which is not in")]
    public void A_shard_is_a_file_of_the_folder(string shard, string message)
    {
        File.WriteAllText(Path.Combine(_folder, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = new JsonObject { ["a"] = shard } }.ToJsonString());
        Assert.Contains(message, Assert.Throws<ModelException>(() => WeightFolder.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model_type", "\"mamba\"", "known are qwen2, qwen3, llama")]
    [InlineData("hidden_act", "\"gelu\"", "this block has silu")]
    [InlineData("use_sliding_window", "true", "sliding window")]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4}""", "stretches its positions by 'yarn'")]
    [InlineData("num_key_value_heads", "3", "disagrees with itself")]
    [InlineData("hidden_size", "\"big\"", "cannot be read")]
    public void A_model_of_another_kind_is_refused_with_a_way_out(string key, string value, string message)
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyModels.Folder("qwen2"), "config.json")))!.AsObject();
        config[key] = JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        Assert.Contains(message, Assert.Throws<ModelException>(() => ModelConfig.Read(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_files_keep_the_rotary_settings_in_one_place()
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TinyModels.Folder("llama"), "config.json")))!.AsObject();
        var scaling = config["rope_scaling"]!.DeepClone().AsObject();
        scaling["rope_theta"] = 77.0;
        config.Remove("rope_scaling");
        config.Remove("rope_theta");
        config["rope_parameters"] = scaling;
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        File.WriteAllText(Path.Combine(_folder, "generation_config.json"), """{"eos_token_id":[257]}""");
        var read = ModelConfig.Read(_folder);
        Assert.Equal((77, 8), (read.RotaryBase, read.RotaryScaling!.Factor));
        Assert.Equal([258, 256, 257], read.EndIds);
    }
}
