using System.Diagnostics.Metrics;
using FinxFunctions.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Infra.Tests.Watch;

/// <summary>The names that the app measures under, asked of its meter itself: the one place where they stand.</summary>
internal static class Instruments
{
    public static IReadOnlyList<string> Names { get; } = Listen();

    private static List<string> Listen()
    {
        List<string> names = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == FinxMetrics.MeterName)
                {
                    names.Add(instrument.Name);
                }
            },
        };
        listener.Start();
        using var provider = new ServiceCollection().AddMetrics().AddSingleton<FinxMetrics>().BuildServiceProvider();
        _ = provider.GetRequiredService<FinxMetrics>();
        return [.. names.Distinct()];
    }
}
