using System.CommandLine;
using Fleet.Contracts;
#if LOCAL_MODELS
using System.Net;
using Fleet.Worker.Judging;
using Fleet.Worker.Models;
using Fleet.Worker.Models.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
#endif

namespace Fleet.Cli.Commands;

/// <summary><c>fleet model</c>: one local model behind an OpenAI-compatible address.</summary>
internal static class ModelCommand
{
    public static Command Create()
    {
        var path = new Option<string>("--path") { Description = "The model's folder: config.json, safetensors and tokenizer of a Qwen2, Qwen2.5, Qwen3 or Llama model.", HelpName = "DIR", Required = true };
        var listen = new Option<string>("--listen") { Description = "Where to answer.", HelpName = "ADDR:PORT", DefaultValueFactory = _ => "127.0.0.1:8000" };
        var device = new Option<string>("--device") { Description = "cpu or cuda:N.", HelpName = "DEVICE", DefaultValueFactory = _ => "cpu" };
        var type = new Option<string?>("--dtype") { Description = "fp32, bf16 or fp16. Default: fp32 on the processor, bf16 on a GPU.", HelpName = "TYPE" };
        var batch = new Option<int>("--batch") { Description = "The most requests in one pass.", HelpName = "N", DefaultValueFactory = _ => 16 };
        var name = new Option<string?>("--name") { Description = "The model's name to callers. Default: the folder's.", HelpName = "NAME" };
        var key = new Option<string?>("--api-key") { Description = "What callers send as a bearer token: env:NAME or file:PATH. Default: everybody is let in.", HelpName = "KEY" };
        var command = new Command("model", "Serve a local model: /v1/chat/completions, or /classify for a reward model.") { path, listen, device, type, batch, name, key };
        command.SetAction((parsed, cancellation) => RunAsync(
            new Request(parsed.GetValue(path)!, parsed.GetValue(listen)!, parsed.GetValue(device)!, parsed.GetValue(type), parsed.GetValue(batch), parsed.GetValue(name), parsed.GetValue(key)), cancellation));
        return command;
    }

    private sealed record Request(string Path, string Listen, string Device, string? Type, int Batch, string? Name, string? Key);

#if LOCAL_MODELS
    private static async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        if (!IPEndPoint.TryParse(request.Listen, out var address)) throw new FleetException($"--listen is '{request.Listen}'; expected is an address and a port such as 127.0.0.1:8000.");
        if (request.Batch is < 1 or > 4096) throw new FleetException($"--batch is {request.Batch}; expected is 1 to 4096.");
        try
        {
            var name = request.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Path)));
            using var model = LocalModel.Load(request.Path, new LocalModelOptions { Device = request.Device, Type = request.Type, BatchSize = request.Batch });
            await using var server = new ModelServer(name, model, request.Batch, JudgeKey.Resolve(request.Key));
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address));
            await using var app = builder.Build();
            server.Map(app);
            await app.StartAsync(cancellation);
            await Console.Error.WriteLineAsync($"fleet: {name} answers at {string.Join(", ", app.Urls)}");
            await app.WaitForShutdownAsync(cancellation);
            return ExitCode.Done;
        }
        catch (IOException fault)
        {
            throw new FleetException(fault.Message, inner: fault);
        }
    }
#else
    private static Task<int> RunAsync(Request request, CancellationToken cancellation) =>
        throw new FleetException($"This build has no local models, so {request.Path} cannot be served. Start the command with FLEET_LOCAL_MODELS=1 (128 MB to download once), or serve the model with vLLM or SGLang and set judge_api_url.");
#endif
}
