using System.Globalization;
using System.Text;

namespace Fleet.Chaos.Tests.Soak;

/// <summary>Lines over time as an SVG.</summary>
internal static class Plot
{
    private const int Width = 900;
    private const int Height = 420;
    private const int Left = 60;
    private const int Bottom = 40;
    private static readonly string[] Colours = ["#0b62a4", "#d1495b", "#2e8b57", "#c98a00", "#6a4c93", "#555555"];

    /// <summary>Draws megabytes over minutes, one line a name.</summary>
    public static string Draw(IReadOnlyList<string> names, Func<int, IReadOnlyList<(double Seconds, double Megabytes)>> samples)
    {
        var all = names.Select((_, i) => samples(i)).ToList();
        var (right, top) = (Math.Max(1, all.Max(line => line[^1].Seconds)), Math.Max(1, all.Max(line => line.Max(sample => sample.Megabytes)) * 1.1));
        double X(double seconds) => Left + (seconds / right * (Width - Left - 140));
        double Y(double megabytes) => Height - Bottom - (megabytes / top * (Height - Bottom - 20));
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/>");
        for (var line = 0; line <= 4; line++)
        {
            var (megabytes, seconds) = (top * line / 4, right * line / 4);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" y1=\"{Y(megabytes):0}\" x2=\"{Width - 140}\" y2=\"{Y(megabytes):0}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{Y(megabytes) + 4:0}\" text-anchor=\"end\">{megabytes:0} MB</text>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(seconds):0}\" y=\"{Height - 15}\" text-anchor=\"middle\">{seconds / 60:0.#} min</text>");
        }

        for (var i = 0; i < names.Count; i++)
        {
            var points = string.Join(' ', all[i].Select(sample => string.Create(CultureInfo.InvariantCulture, $"{X(sample.Seconds):0.0},{Y(sample.Megabytes):0.0}")));
            var colour = Colours[i % Colours.Length];
            svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{points}\"/><text x=\"{Width - 130}\" y=\"{30 + (i * 18)}\" fill=\"{colour}\">{names[i]}</text>");
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
