using Fleet.Shaping.Groups;

namespace Fleet.Shaping.Normalisation;

/// <summary>Makes advantage inputs of rewards.</summary>
/// <remarks>
/// Fails:   a row without a reward has no advantage input and counts in no mean; nor has a row whose mean or deviation would rest on
///          fewer than two rewards.
/// Source:  alibaba/ROLL@8eb27cc2 roll/utils/functionals.py, the reward post-processing.
/// Differs: mean and deviation are taken by domain and by explicit group id; mixing a group deviation with another mean works; running
///          moments are kept under the domain's own name; all in double precision.
/// </remarks>
internal static class RewardNormalisation
{
    /// <summary>Normalises and clips.</summary>
    /// <returns>The advantage inputs, the share of them that was clipped, and the state after this call.</returns>
    public static (double?[] Values, double ClippedShare, ShapingState State) Of(
        IReadOnlyList<ShapingRow> rows, IReadOnlyList<double?> rewards, RowGroups groups, NormalisationSettings settings, ShapingState state)
    {
        var byDomain = RowGroups.ByDomain(rows);
        var running = new Dictionary<string, RunningMoments>(state.Running);
        var uses = settings is { Mean: NormaliseOver.Running } or { Deviation: NormaliseOver.Running };
        if (uses)
        {
            foreach (var domain in byDomain.All)
            {
                var name = rows[domain[0]].Domain;
                running[name] = running.GetValueOrDefault(name).With(Moments(domain, rewards));
            }
        }

        RunningMoments[] Over(NormaliseOver over) => over switch
        {
            NormaliseOver.Batch => Spread(rows.Count, byDomain, rewards),
            NormaliseOver.Group => Spread(rows.Count, groups, rewards),
            NormaliseOver.Running => [.. rows.Select(row => running[row.Domain])],
            _ => new RunningMoments[rows.Count],
        };

        var (means, deviations) = (Over(settings.Mean), Over(settings.Deviation));
        var values = new double?[rows.Count];
        var (scored, clipped) = (0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            if (Normalised(rewards[i], means[i], deviations[i], settings) is not { } value) continue;
            scored++;
            if (settings.Clip is { } bound && Math.Abs(value) > bound)
            {
                clipped++;
                value = Math.Clamp(value, -bound, bound);
            }

            values[i] = value;
        }

        return (values, scored == 0 ? 0 : (double)clipped / scored, uses ? new ShapingState(running) : state);
    }

    private static double? Normalised(double? reward, RunningMoments mean, RunningMoments deviation, NormalisationSettings settings)
    {
        if (reward is not { } value) return null;
        if (settings.Mean != NormaliseOver.Nothing)
        {
            if (mean.Count < 2) return null;
            value -= mean.Mean;
        }

        if (settings.Deviation == NormaliseOver.Nothing) return value;
        return deviation.Deviation is { } spread ? value / (spread + settings.Epsilon) : null;
    }

    private static RunningMoments[] Spread(int rows, RowGroups groups, IReadOnlyList<double?> rewards)
    {
        var moments = new RunningMoments[rows];
        foreach (var group in groups.All)
        {
            var one = Moments(group, rewards);
            foreach (var row in group) moments[row] = one;
        }

        return moments;
    }

    private static RunningMoments Moments(int[] rows, IReadOnlyList<double?> rewards) => RunningMoments.Of([.. rows.Select(row => rewards[row]).OfType<double>()]);
}
