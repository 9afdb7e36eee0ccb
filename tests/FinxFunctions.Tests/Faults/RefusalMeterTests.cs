using System.Diagnostics.Metrics;
using FinxFunctions.Diagnostics;
using FinxFunctions.Tests.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace FinxFunctions.Tests.Faults;

/// <summary>The alert is about finX refusing this client. The status alone does not tell, because a dead token may have the same.</summary>
public class RefusalMeterTests
{
    [Theory]
    [InlineData("refuse-client", 1)]
    [InlineData("forbid", 1)]
    [InlineData("refuse", 0)]
    [InlineData("server-error", 0)]
    public async Task A_refused_client_is_counted_when_a_token_is_presented(string kind, int refusals)
    {
        await using var app = await App.StartAsync();
        var id = await app.ConnectAsync();
        using var meter = Refusals(app);
        app.Clock.Advance(TimeSpan.FromHours(2));
        app.Sandbox.Faults.Add(Fault.At("token.refresh", kind));

        (await app.AskTokenAsync(id)).Dispose();

        Assert.Equal(Enumerable.Repeat("token", refusals), Operations(meter));
    }

    [Theory]
    [InlineData("refuse-client", 1)]
    [InlineData("refuse", 0)]
    public async Task A_refused_client_is_counted_when_a_link_is_asked_for(string kind, int refusals)
    {
        await using var app = await App.StartAsync();
        using var meter = Refusals(app);
        app.Sandbox.Faults.Add(Fault.At("links.create", kind));

        await Assert.ThrowsAnyAsync<Exception>(() => app.CreateLinkAsync());

        Assert.Equal(Enumerable.Repeat("link", refusals), Operations(meter));
    }

    private static MetricCollector<long> Refusals(App app) => new(app.Services.GetRequiredService<IMeterFactory>(), FinxMetrics.MeterName, "finx.refusals");

    private static IEnumerable<object?> Operations(MetricCollector<long> meter) => meter.GetMeasurementSnapshot().Select(measured => measured.Tags["operation"]);
}
