using NCrontab;

namespace FinxFunctions.DevHost.Timers;

/// <summary>An NCRONTAB expression, read as the Functions host reads it: six fields with seconds first, or five without; times are UTC.</summary>
public sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(string expression, CrontabSchedule schedule) => (Expression, _schedule) = (expression, schedule);

    public string Expression { get; }

    /// <param name="expression">An expression, or <c>%Setting%</c>.</param>
    /// <param name="configuration">Holds the setting.</param>
    /// <param name="function">The function it is for, named when something is wrong.</param>
    public static TimerSchedule Parse(string expression, IConfiguration configuration, string function)
    {
        if (expression is ['%', .. var setting, '%'])
            expression = configuration[setting] is { } value && !string.IsNullOrWhiteSpace(value)
                ? value
                : throw new StartUpException($"{setting}: the function {function} runs on this setting. Give it an NCRONTAB schedule of six fields, such as 0 */5 * * * *.");

        var hasSeconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != 5;
        return CrontabSchedule.TryParse(expression, new() { IncludingSeconds = hasSeconds }) is { } schedule
            ? new(expression, schedule)
            : throw new StartUpException($"'{expression}', the schedule of the function {function}, is no NCRONTAB of six fields, such as 0 */5 * * * *.");
    }

    /// <summary>The first occurrence after an instant.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => new(_schedule.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);
}
