namespace Fleet.Rewards.Detection;

/// <summary>A labelled box, given by two corners.</summary>
/// <remarks>Units: pixels, or thousandths of the image; x grows to the right and y downwards.</remarks>
internal readonly record struct Box(double X1, double Y1, double X2, double Y2, string Label)
{
    /// <summary>How much two boxes overlap: the shared area over the covered area.</summary>
    /// <returns>In [0, 1]; 0 when they only touch.</returns>
    public static double Overlap(in Box a, in Box b)
    {
        var width = Min(a.X2, b.X2) - Max(a.X1, b.X1);
        var height = Min(a.Y2, b.Y2) - Max(a.Y1, b.Y1);
        if (width <= 0 || height <= 0) return 0;

        var shared = width * height;
        return shared / ((a.X2 - a.X1) * (a.Y2 - a.Y1) + (b.X2 - b.X1) * (b.Y2 - b.Y1) - shared);
    }

    /// <summary>The same quantity from corner, width and height, as the COCO evaluation computes it: it differs in the last digit.</summary>
    /// <remarks>Source: cocodataset/cocoapi common/maskApi.c bbIou; its fmin and fmax ignore a NaN.</remarks>
    public static double CocoOverlap(in Box a, in Box b)
    {
        var (aw, ah, bw, bh) = (a.X2 - a.X1, a.Y2 - a.Y1, b.X2 - b.X1, b.Y2 - b.Y1);
        var width = double.MinNumber(aw + a.X1, bw + b.X1) - double.MaxNumber(a.X1, b.X1);
        if (width <= 0) return 0;
        var height = double.MinNumber(ah + a.Y1, bh + b.Y1) - double.MaxNumber(a.Y1, b.Y1);
        if (height <= 0) return 0;

        var shared = width * height;
        return shared / (aw * ah + bw * bh - shared);
    }

    /// <summary>Width times height.</summary>
    public double Area => (X2 - X1) * (Y2 - Y1);

    /// <summary>The box in whole thousandths of an image.</summary>
    /// <param name="width">Pixels, more than 0.</param>
    /// <param name="height">Pixels, more than 0.</param>
    public Box InThousandths(double width, double height) =>
        this with { X1 = Truncate(X1 / width * 1000), Y1 = Truncate(Y1 / height * 1000), X2 = Truncate(X2 / width * 1000), Y2 = Truncate(Y2 / height * 1000) };
}
