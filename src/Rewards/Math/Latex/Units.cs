using System.Collections.Frozen;
using Fleet.Rewards.Math.Exact;

namespace Fleet.Rewards.Math.Latex;

/// <summary>Units of measure and currency: their dimension and their size in the dimension's base unit.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, (string Dimension, Rational Size)> Known = Table();

    /// <summary>The unit's dimension and size, or null for a word that is only a label.</summary>
    public static (string Dimension, Rational Size)? Find(string name) => Known.TryGetValue(name, out var unit) ? unit : null;

    /// <summary>Whether a plain word after a number is a unit or a thing that is counted.</summary>
    public static bool IsUnitWord(string word) => Known.ContainsKey(word) || Labels.Contains(word);

    private static readonly FrozenSet<string> Labels = new[]
    {
        "units", "unit", "square", "cubic", "sq", "cu", "people", "students", "cookies", "apples", "books", "pages", "ways", "points", "point", "times", "miles/hour", "tickets", "balls", "marbles", "pounds/inch", "cents/mile",
        "percent", "games", "men", "women", "children", "girls", "boys", "cards", "coins", "steps", "digits", "pieces", "sides", "edges", "faces", "vertices", "triangles", "squares", "numbers", "values", "solutions", "integers",
        "more", "total", "per", "each", "eggs", "flowers", "chairs", "boxes", "rows", "cars", "dogs", "cats", "animals", "legs", "gifts", "slices", "cups", "cup", "bags", "bottles", "toys", "pencils", "pens", "crayons", "shirts", "questions",
        "rad", "radians", "radian", "mol", "Hz", "kHz", "MHz", "eV", "keV", "MeV", "GeV", "Pa", "kPa", "atm", "dB", "mV", "kV", "mA", "mW", "MW", "psi", "ohm", "ohms", "Ohm", "rpm", "cal", "kcal", "moles", "mole", "erg", "ergs", "pc", "kpc", "Mpc", "Gpc", "AU", "ly", "AA", "Angstrom", "angstroms", "nm", "arcsec", "arcseconds", "arcmin", "arcminutes", "AB", "solar",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, (string, Rational)> Table()
    {
        var table = new Dictionary<string, (string, Rational)>(StringComparer.Ordinal);
        void Add(string dimension, Rational size, params string[] names)
        {
            foreach (var name in names) table[name] = (dimension, size);
        }

        Add("length", 1, "m", "meter", "meters", "metre", "metres");
        Add("length", Rational.Of(1, 100), "cm", "centimeter", "centimeters", "centimetre", "centimetres", "厘米");
        Add("length", Rational.Of(1, 1000), "mm", "millimeter", "millimeters", "millimetres");
        Add("length", 1000, "km", "kilometer", "kilometers", "kilometre", "kilometres", "千米", "公里");
        Add("length", 1, "米");
        Add("length", Rational.Of(254, 10000), "in", "inch", "inches");
        Add("length", Rational.Of(3048, 10000), "ft", "foot", "feet");
        Add("length", Rational.Of(9144, 10000), "yd", "yard", "yards");
        Add("length", Rational.Of(1609344, 1000), "mi", "mile", "miles");
        Add("mass", 1, "kg", "kilogram", "kilograms", "千克", "公斤");
        Add("mass", Rational.Of(1, 1000), "g", "gram", "grams", "克");
        Add("mass", Rational.Of(1, 1000000), "mg", "milligram", "milligrams");
        Add("mass", Rational.Of(45359237, 100000000), "lb", "lbs", "pound", "pounds");
        Add("mass", Rational.Of(45359237, 1600000000), "oz", "ounce", "ounces");
        Add("mass", 1000, "ton", "tons", "tonne", "tonnes", "吨");
        Add("time", 1, "s", "sec", "second", "seconds", "secs", "秒");
        Add("time", Rational.Of(1, 1000), "ms", "millisecond", "milliseconds");
        Add("time", 60, "min", "mins", "minute", "minutes", "分钟");
        Add("time", 3600, "h", "hr", "hrs", "hour", "hours", "小时");
        Add("time", 86400, "day", "days", "天");
        Add("time", 604800, "week", "weeks", "周");
        Add("month", 1, "month", "months", "个月");
        Add("month", 12, "yr", "yrs", "year", "years", "年");
        Add("volume", 1, "L", "liter", "liters", "litre", "litres", "升");
        Add("volume", Rational.Of(1, 1000), "mL", "ml", "milliliter", "milliliters", "毫升");
        Add("gallon", 1, "gallon", "gallons", "gal");
        Add("gallon", Rational.Of(1, 4), "quart", "quarts");
        Add("dollar", 1, "$", "dollar", "dollars", "USD");
        Add("dollar", Rational.Of(1, 100), "cent", "cents");
        Add("euro", 1, "€", "euro", "euros", "EUR");
        Add("pound sterling", 1, "£");
        Add("yuan", 1, "¥", "元", "yuan");
        Add("rupee", 1, "Rs", "₹", "rupees");
        Add("speed", Rational.Of(1609344, 3600000), "mph");
        Add("speed", Rational.Of(1000, 3600), "kph", "kmh");
        Add("force", 1, "N", "newton", "newtons");
        Add("energy", 1, "J", "joule", "joules");
        Add("power", 1, "W", "watt", "watts");
        Add("power", 1000, "kW");
        Add("energy", 1000, "kJ");
        Add("voltage", 1, "V", "volt", "volts");
        Add("temperature", 1, "K", "kelvin");
        Add("people", 1, "人");
        Add("things", 1, "个");
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
