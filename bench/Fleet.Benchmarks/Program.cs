using Fleet.Benchmarks;

switch (args)
{
    case ["spine", .. var rest]:
        return await SpineBenchmark.RunAsync(rest);
    case ["gateway", .. var rest]:
        return await GatewayBenchmark.RunAsync(rest);
    case ["stream", .. var rest]:
        return await StreamBenchmark.RunAsync(rest);
    case ["wire", .. var rest]:
        return WireBenchmark.Run(rest);
    case ["tokens", .. var rest]:
        return TokenBenchmark.Run(rest);
    case ["rules", .. var rest]:
        return RulesBenchmark.Run(rest);
    case ["ifeval", .. var rest]:
        return InstructionsBenchmark.Run(rest);
    case ["math", .. var rest]:
        return MathBenchmark.Run(rest);
    case ["code", .. var rest]:
        return await CodeBenchmark.Run(rest);
#if LOCAL_MODELS
    case ["model", .. var rest]:
        return ModelBenchmark.Run(rest);
#endif
    default:
        Console.Error.WriteLine(
            """
            usage: Fleet.Benchmarks spine [BROKER_URL] | gateway | stream | wire [seconds a figure] | tokens FOLDER | rules [folder] [seconds] [rule]
                                  | ifeval [folder] | math [worst | file ...] | code [quick] | model (in a build with LocalModels=true)
            """);
        return 2;
}
