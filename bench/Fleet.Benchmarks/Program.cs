using Fleet.Benchmarks;

switch (args)
{
    case ["code", .. var rest]:
        return await CodeBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("Say what to measure: code [quick]");
        return 2;
}
