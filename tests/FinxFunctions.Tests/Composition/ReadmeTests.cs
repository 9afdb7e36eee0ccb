using System.Diagnostics.Metrics;
using FinxFunctions.DevHost.Triggers;
using FinxFunctions.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FinxFunctions.Tests.Composition;

/// <summary>README.md agrees with the code.</summary>
public class ReadmeTests
{
    [Fact]
    public void The_table_of_calls_is_what_the_triggers_declare()
    {
        string[] functions = [.. TriggeredFunctions.All<HttpTriggerAttribute>().Select(function => function.Name), .. TriggeredFunctions.All<TimerTriggerAttribute>().Select(function => function.Name)];
        var prefix = HostFile.RoutePrefix();

        var documented = from row in Repository.TableRows("README.md")
                         where row.Length >= 3 && functions.Contains(row[0])
                         select $"{row[0]}: {row[1].Replace("`", "", StringComparison.Ordinal)} {row[2]}".TrimEnd();

        var declared = TriggeredFunctions.All<HttpTriggerAttribute>()
            .Select(function => $"{function.Name}: {string.Join('|', function.Trigger.Methods!).ToUpperInvariant()} /{prefix}/{function.Trigger.Route} {function.Trigger.AuthLevel.ToString().ToLowerInvariant()}")
            .Concat(TriggeredFunctions.All<TimerTriggerAttribute>().Select(function => $"{function.Name}: timer {function.Trigger.Schedule}"));
        Assert.Equal(declared.Order(), documented.Order());
    }

    [Fact]
    public void The_table_of_settings_is_what_the_options_read_with_their_defaults()
    {
        var documented = from row in Repository.TableRows("README.md")
                         where row.Length >= 3 && row[0].StartsWith('`') && row[0].Contains("__", StringComparison.Ordinal)
                         select new Setting(row[0].Trim('`'), row[1].Trim('`'));

        Assert.Equal(Setting.All.OrderBy(setting => setting.Name), documented.OrderBy(setting => setting.Name));
    }

    [Fact]
    public void The_table_of_metrics_is_what_is_measured_with_its_units()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<FinxMetrics>().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        List<string> measured = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                measured.Add($"{instrument.Name} {instrument.Unit}");
            }
        };
        listener.Start();
        _ = services.GetRequiredService<FinxMetrics>();

        var documented = from row in Repository.TableRows("README.md")
                         where row.Length == 4 && row[0].StartsWith("`finx.", StringComparison.Ordinal)
                         from name in row[0].Split(", ")
                         select $"{name.Trim('`')} {row[1]}";

        Assert.Equal(measured.Order(), documented.Order());
    }
}
