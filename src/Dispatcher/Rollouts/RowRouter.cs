using Fleet.Dispatcher.Runs;

namespace Fleet.Dispatcher.Rollouts;

/// <summary>Finds the domain of a row: the one it names, else the one that lists its tag.</summary>
public static class RowRouter
{
    /// <summary>The domain of a row, or what is wrong: an unknown domain or tag is never scored as something else.</summary>
    public static (DomainDefinition? Domain, RowProblem? Problem) Route(RunDefinition run, string? domain, string? tag)
    {
        if (domain is not null)
        {
            if (run.Domain(domain) is not { } named)
            {
                return (null, new RowProblem("unknown_domain", $"The row names the domain '{Excerpt.Of(domain)}', which this run does not have; it has {Known(run)}."));
            }

            return named.NotBuilt is { } reason ? (named, new RowProblem("domain_not_built", reason)) : (named, null);
        }

        if (tag is null) return (null, new RowProblem("missing_column", "The row has neither 'domain' nor 'tag'; one of them says how it is scored."));
        return run.DomainOfTag(tag) is { } listed
            ? (listed, listed.NotBuilt is { } notBuilt ? new RowProblem("domain_not_built", notBuilt) : null)
            : (null, new RowProblem("unknown_tag", $"No domain of this run lists the tag '{Excerpt.Of(tag)}' in tag_included, and the row names no domain; the domains are {Known(run)}."));
    }

    private static string Known(RunDefinition run) => string.Join(", ", run.Domains.Select(domain => domain.Domain).Order(StringComparer.Ordinal));
}
