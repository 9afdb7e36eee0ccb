using NCrontab;

namespace FunctionsHost.Timers;

/// <summary>An NCRONTAB expression of six fields, seconds first, or of five without; times are UTC.</summary>
internal sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(CrontabSchedule schedule) => _schedule = schedule;

    /// <summary>The schedule of a trigger, with <c>%Setting%</c> taken from the app settings.</summary>
    /// <exception cref="TimerIndexingException">There is no such setting, or it is no schedule.</exception>
    public static TimerSchedule Parse(string expression, IReadOnlyDictionary<string, string> settings)
    {
        if (expression is ['%', .. var setting, '%'])
        {
            expression = settings.GetValueOrDefault(setting) ?? Environment.GetEnvironmentVariable(setting)
                ?? throw new TimerIndexingException($"'%{setting}%' does not resolve to a value.");
        }

        var hasSeconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != 5;
        return CrontabSchedule.TryParse(expression, new() { IncludingSeconds = hasSeconds }) is { } schedule
            ? new(schedule)
            : throw new TimerIndexingException($"The schedule expression '{expression}' was not recognized as a valid cron expression or timespan string.");
    }

    /// <summary>The first occurrence after an instant.</summary>
    public DateTime Next(DateTime after) => _schedule.GetNextOccurrence(after);

    /// <summary>Whether it recurs less than a minute apart: then the host keeps no status of it.</summary>
    public bool IsFast(DateTime now)
    {
        var first = Next(now);
        return Next(first) - first < TimeSpan.FromMinutes(1);
    }
}
