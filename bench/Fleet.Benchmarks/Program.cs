using Fleet.Benchmarks;

return args switch
{
    ["wire", .. var rest] => WireBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Fleet.Benchmarks wire [seconds a figure]");
    return 2;
}
