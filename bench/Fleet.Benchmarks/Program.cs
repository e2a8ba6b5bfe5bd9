using Fleet.Benchmarks;

return args switch
{
    ["wire", .. var rest] => WireBenchmark.Run(rest),
    ["tokens", .. var rest] => TokenBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Fleet.Benchmarks wire [seconds a figure] | tokens FOLDER");
    return 2;
}
    ["rules", .. var rest] => RulesBenchmark.Run(rest),
    ["ifeval", .. var rest] => InstructionsBenchmark.Run(rest),
    _ => 2,
};
