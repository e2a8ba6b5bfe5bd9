using Fleet.Benchmarks;

return args switch
{
    ["math", .. var rest] => MathBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: Fleet.Benchmarks math [file ...]");
    return 2;
}
