namespace FinxFunctions.Benchmarks.Harness;

/// <summary>Measurements of one thing.</summary>
internal sealed class Samples
{
    private readonly double[] _sorted;

    public Samples(params IEnumerable<double> values) => _sorted = [.. values.Order()];

    public IReadOnlyList<double> All => _sorted;

    public int Count => _sorted.Length;

    public double Median => Quantile(0.5);

    public double Sum => _sorted.Sum();

    public double Minimum => _sorted[0];

    public double Maximum => _sorted[^1];

    /// <summary>Interpolates linearly between the two nearest values.</summary>
    public double Quantile(double share)
    {
        var at = share * (_sorted.Length - 1);
        var below = (int)at;
        return below + 1 < _sorted.Length ? _sorted[below] + ((at - below) * (_sorted[below + 1] - _sorted[below])) : _sorted[below];
    }
}
