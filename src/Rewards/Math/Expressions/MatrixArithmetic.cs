namespace Fleet.Rewards.Math.Expressions;

/// <summary>Sums, products and small determinants of matrices whose entries are canonical trees.</summary>
internal static class MatrixArithmetic
{
    private const int MaxSize = 12;

    public static Matrix? Add(Matrix a, Matrix b, WorkBudget budget)
    {
        if (a.Rows.Length != b.Rows.Length || a.Rows[0].Length != b.Rows[0].Length) return null;
        return Map(a, (row, column, e) => new Sum([e, b.Rows[row][column]]), budget);
    }

    /// <summary>The inverse of two rows by two columns whose determinant is a number other than zero; larger ones stay unevaluated.</summary>
    public static Matrix? Inverse(Matrix m, WorkBudget budget)
    {
        if (m.Rows is not [[var a, var b], [var c, var d]] || Canonical.Of(Minor(a, d, b, c), budget) is not Number { Value.IsZero: false } determinant) return null;
        return Scale(new Matrix([[d, Build.Negate(b)], [Build.Negate(c), a]]), Build.Reciprocal(determinant), budget);
    }

    public static Matrix Transpose(Matrix m) =>
        new([.. m.Rows[0].Select((_, column) => m.Rows.Select(r => r[column]).ToArray())]);

    public static Matrix Scale(Matrix m, Expr factor, WorkBudget budget) =>
        factor is Number { Value.IsOne: true } ? m : Map(m, (_, _, e) => new Product([factor, e]), budget);

    public static Matrix? Multiply(Matrix a, Matrix b, WorkBudget budget)
    {
        var inner = b.Rows.Length;
        if (a.Rows[0].Length != inner || a.Rows.Length > MaxSize || inner > MaxSize || b.Rows[0].Length > MaxSize) return null;
        var rows = new Expr[a.Rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new Expr[b.Rows[0].Length];
            for (var j = 0; j < rows[i].Length; j++)
            {
                var terms = new Expr[inner];
                for (var k = 0; k < inner; k++) terms[k] = new Product([a.Rows[i][k], b.Rows[k][j]]);
                rows[i][j] = Canonical.Of(new Sum(terms), budget);
            }
        }

        return new Matrix(rows);
    }

    public static Matrix? Power(Matrix m, int exponent, WorkBudget budget)
    {
        var power = m;
        for (var i = 1; i < exponent; i++)
        {
            if (Multiply(power, m, budget) is not { } next) return null;
            power = next;
        }

        return power;
    }

    /// <summary>The determinant up to three rows; larger ones stay unevaluated.</summary>
    public static Expr? Determinant(Matrix m)
    {
        var r = m.Rows;
        if (r.Length != r[0].Length || r.Length > 3) return null;
        if (r.Length == 1) return r[0][0];
        if (r.Length == 2) return Minor(r[0][0], r[1][1], r[0][1], r[1][0]);
        return new Sum([
            new Product([r[0][0], Minor(r[1][1], r[2][2], r[1][2], r[2][1])]),
            new Product([r[0][1], Minor(r[1][2], r[2][0], r[1][0], r[2][2])]),
            new Product([r[0][2], Minor(r[1][0], r[2][1], r[1][1], r[2][0])])]);
    }

    private static Sum Minor(Expr a, Expr d, Expr b, Expr c) => new([new Product([a, d]), new Product([Number.MinusOne, b, c])]);

    private static Matrix Map(Matrix m, Func<int, int, Expr, Expr> map, WorkBudget budget) =>
        new([.. m.Rows.Select((row, i) => row.Select((e, j) => Canonical.Of(map(i, j, e), budget)).ToArray())]);
}
