using Fleet.Benchmarks;

return args switch
{
    ["rules", .. var rest] => RulesBenchmark.Run(rest),
    _ => 2,
};
