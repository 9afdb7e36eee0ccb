using FinxFunctions.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FinxFunctions.Tests.Telemetry;

public class HostLogTests
{
    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000000")]
    public void Records_that_an_exporter_sends_do_not_go_to_the_host_below_Warning(string setting, string value)
    {
        var builder = Builder((setting, value));

        var rules = Rules(builder).ToList();

        Assert.Equal([(null, LogLevel.Warning), ("Microsoft.Hosting.Lifetime", LogLevel.Information)], rules.Select(rule => (rule.CategoryName, rule.LogLevel)));
        Assert.All(rules, rule => Assert.Contains(builder.Services, service => service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType?.FullName == rule.ProviderName));
    }

    [Fact]
    public void Without_an_exporter_all_records_go_to_the_host() => Assert.Empty(Rules(Builder()));

    private static FunctionsApplicationBuilder Builder(params (string Name, string Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        foreach (var (name, value) in settings)
            builder.Configuration[name] = value;
        builder.AddTelemetry();
        return builder;
    }

    private static IEnumerable<LoggerFilterRule> Rules(FunctionsApplicationBuilder builder)
    {
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<LoggerFilterOptions>>().Value.Rules.Where(rule => rule.ProviderName?.StartsWith("Microsoft.Azure.Functions.Worker", StringComparison.Ordinal) is true);
    }
}
