using System.Collections.Frozen;
using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Latex;

/// <summary>How large a unit is and what it measures.</summary>
/// <param name="Size">The size in base units.</param>
/// <param name="Powers">The base dimensions with their powers: speed is length to 1 and time to -1.</param>
internal sealed record Measure(Rational Size, IReadOnlyDictionary<string, int> Powers)
{
    /// <summary>The product with a power of another measure; null when the power is beyond any unit's.</summary>
    public Measure? Times(Measure other, int exponent)
    {
        if (Abs(exponent) > 6) return null;
        var powers = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (dimension, power) in Powers) powers[dimension] = power;
        foreach (var (dimension, power) in other.Powers) powers[dimension] = powers.GetValueOrDefault(dimension) + power * exponent;
        return new Measure(Size * Rational.Pow(other.Size, exponent), powers.Where(p => p.Value != 0).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whether the two measure the same.</summary>
    public bool IsComparable(Measure other) => Powers.Count == other.Powers.Count && Powers.All(p => other.Powers.GetValueOrDefault(p.Key) == p.Value);
}

/// <summary>Units of measure and currency, alone and combined: <c>km/h</c>, <c>square metres</c>, <c>miles per hour</c>.</summary>
internal static class Units
{
    private const int MaxLength = 60;

    private static readonly FrozenDictionary<string, Measure> Known = Table();

    /// <summary>A measure of nothing.</summary>
    public static Measure None { get; } = new(Rational.One, FrozenDictionary<string, int>.Empty);

    /// <summary>What the unit measures, or null for a word that is only a label.</summary>
    public static Measure? Find(string name) => Known.TryGetValue(name, out var unit) ? unit : Combined(name, 1);

    /// <summary>What the unit raised to a power measures: in <c>m/s</c> the power belongs to the last part.</summary>
    public static Measure? Find(string name, int exponent) =>
        Known.TryGetValue(name, out var unit) ? None.Times(unit, exponent) : Combined(name, exponent);

    /// <summary>Whether the word is a unit by itself.</summary>
    public static bool IsKnown(string word) => Known.ContainsKey(word);

    /// <summary>Whether a plain word after a number is a unit or a thing that is counted.</summary>
    public static bool IsUnitWord(string word) => Known.ContainsKey(word) || Labels.Contains(word);

    private static readonly FrozenSet<string> Labels = new[]
    {
        "units", "unit", "square", "cubic", "sq", "cu", "people", "students", "cookies", "apples", "books", "pages", "ways", "points", "point", "times", "tickets", "balls", "marbles",
        "percent", "games", "men", "women", "children", "girls", "boys", "cards", "coins", "steps", "digits", "pieces", "sides", "edges", "faces", "vertices", "triangles", "squares", "numbers", "values", "solutions", "integers",
        "more", "total", "per", "each", "eggs", "flowers", "chairs", "boxes", "rows", "cars", "dogs", "cats", "animals", "legs", "gifts", "slices", "cups", "cup", "bags", "bottles", "toys", "pencils", "pens", "crayons", "shirts", "questions",
        "mol", "eV", "keV", "MeV", "GeV", "atm", "dB", "psi", "ohm", "ohms", "Ohm", "rpm", "cal", "kcal", "moles", "mole", "erg", "ergs", "pc", "kpc", "Mpc", "Gpc", "AU", "ly", "AA", "Angstrom", "angstroms",
        "arcsec", "arcseconds", "arcmin", "arcminutes", "AB", "solar", "th", "st", "nd", "rd",
    }.ToFrozenSet(StringComparer.Ordinal);

    // "km/h", "kg m/s^2", "miles per hour", "square feet": parts side by side, each with a power, divided by what a bar precedes.
    private static Measure? Combined(string name, int lastExponent)
    {
        if (name.Length > MaxLength) return null;
        Measure? measure = None;
        var sign = 1;
        var power = 1;
        Measure? part = null;
        var partPower = 1;
        foreach (var word in name.Replace("/", " / ", StringComparison.Ordinal).Replace("\\cdot", " ", StringComparison.Ordinal).Split([' ', '·', '*', '~', '-'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word is "/" or "per")
            {
                if (part is null) return null;
                sign = -1;
                continue;
            }

            if (word is "square" or "sq" or "sq." or "cubic" or "cu")
            {
                power = word[0] == 's' ? 2 : 3;
                continue;
            }

            if (part is not null) measure = measure?.Times(part, partPower);
            var end = word.Length;
            while (end > 1 && (char.IsAsciiDigit(word[end - 1]) || word[end - 1] is '^' or '{' or '}')) end--;
            if (!Known.TryGetValue(word[..end], out part)) return null;
            if (end < word.Length && (!int.TryParse(word[end..].Trim('^', '{', '}'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out power) || power > 6)) return null;
            partPower = sign * power;
            power = 1;
        }

        return part is null || power != 1 ? null : measure?.Times(part, partPower * lastExponent);
    }

    private static FrozenDictionary<string, Measure> Table()
    {
        var table = new Dictionary<string, Measure>(StringComparer.Ordinal);
        void Add(string dimensions, Rational size, string names)
        {
            var powers = dimensions.Split(' ').Select(d => d.Split('^')).ToDictionary(d => d[0], d => d.Length == 1 ? 1 : int.Parse(d[1], System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
            foreach (var name in names.Split(' ')) table[name] = new Measure(size, powers);
        }

        const string Energy = "mass length^2 time^-2";
        const string Power = "mass length^2 time^-3";
        const string Pressure = "mass length^-1 time^-2";
        Add("length", 1, "m meter meters metre metres 米");
        Add("length", Rational.Of(1, 10), "dm decimeter decimeters 分米");
        Add("length", Rational.Of(1, 100), "cm centimeter centimeters centimetre centimetres 厘米");
        Add("length", Rational.Of(1, 1000), "mm millimeter millimeters millimetre millimetres 毫米");
        Add("length", Rational.Of(1, 1_000_000_000), "nm nanometer nanometers");
        Add("length", 1000, "km kilometer kilometers kilometre kilometres 千米 公里");
        Add("length", Rational.Of(254, 10000), "in inch inches");
        Add("length", Rational.Of(3048, 10000), "ft foot feet");
        Add("length", Rational.Of(9144, 10000), "yd yard yards");
        Add("length", Rational.Of(1609344, 1000), "mi mile miles");
        Add("mass", 1, "kg kilogram kilograms 千克 公斤");
        Add("mass", Rational.Of(1, 1000), "g gram grams 克");
        Add("mass", Rational.Of(1, 1000000), "mg milligram milligrams");
        Add("mass", Rational.Of(45359237, 100000000), "lb lbs pound pounds");
        Add("mass", Rational.Of(45359237, 1600000000), "oz ounce ounces");
        Add("mass", 1000, "ton tons tonne tonnes 吨");
        Add("time", 1, "s sec second seconds secs 秒");
        Add("time", Rational.Of(1, 1000), "ms millisecond milliseconds");
        Add("time", 60, "min mins minute minutes 分钟");
        Add("time", 3600, "h hr hrs hour hours 小时 时");
        Add("time", 86400, "day days 天 日");
        Add("time", 604800, "week weeks 周");
        Add("month", 1, "month months 个月 月");
        Add("month", 12, "yr yrs year years 年");
        Add("length^3", Rational.Of(1, 1000), "L liter liters litre litres 升");
        Add("length^3", Rational.Of(1, 1000000), "mL ml milliliter milliliters 毫升");
        Add("gallon", 1, "gallon gallons gal");
        Add("gallon", Rational.Of(1, 4), "quart quarts");
        Add("dollar", 1, "$ dollar dollars USD");
        Add("dollar", Rational.Of(1, 100), "cent cents");
        Add("euro", 1, "€ euro euros EUR");
        Add("sterling", 1, "£ GBP");
        Add("yuan", 1, "¥ 元 yuan RMB CNY");
        Add("rupee", 1, "Rs ₹ rupees INR");
        Add("length time^-1", Rational.Of(1609344, 3600000), "mph");
        Add("length time^-1", Rational.Of(1000, 3600), "kph kmh kmph");
        Add("time^-1", 1, "Hz hertz");
        Add("time^-1", 1000, "kHz");
        Add("time^-1", 1000000, "MHz");
        Add("mass length time^-2", 1, "N newton newtons");
        Add(Energy, 1, "J joule joules");
        Add(Energy, 1000, "kJ");
        Add(Power, 1, "W watt watts");
        Add(Power, 1000, "kW");
        Add(Power, 1000000, "MW");
        Add(Power, Rational.Of(1, 1000), "mW");
        Add(Pressure, 1, "Pa");
        Add(Pressure, 1000, "kPa");
        Add("voltage", 1, "V volt volts");
        Add("voltage", 1000, "kV");
        Add("voltage", Rational.Of(1, 1000), "mV");
        Add("current", 1, "A amp amps ampere amperes");
        Add("current", Rational.Of(1, 1000), "mA");
        Add("angle", 1, "rad radian radians");
        Add("kelvin", 1, "K kelvin");
        Add("celsius", 1, "degC");
        Add("fahrenheit", 1, "degF");
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
