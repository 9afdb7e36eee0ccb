using FinxFunctions.Hosting;
using FinxFunctions.Maintenance;
using NCrontab;

namespace FinxFunctions.DevHost.Timers;

/// <summary>The schedule of a timer trigger. Times are UTC.</summary>
public sealed class TimerSchedule
{
    private readonly CrontabSchedule _schedule;

    private TimerSchedule(string expression, CrontabSchedule schedule) => (Expression, _schedule) = (expression, schedule);

    public string Expression { get; }

    /// <param name="expression">An NCRONTAB expression, or <c>%Setting%</c>.</param>
    /// <param name="configuration">Holds the setting.</param>
    /// <param name="function">The function's name, for the message.</param>
    /// <exception cref="StartUpException">The setting is missing, or the expression is invalid.</exception>
    public static TimerSchedule Parse(string expression, IConfiguration configuration, string function)
    {
        var value = expression is ['%', .. var setting, '%'] ? configuration[setting] : expression;
        return TimerExpression.TryParse(value) is { } schedule
            ? new(value!, schedule)
            : throw new StartUpException($"{expression}: '{value}', the schedule of the function {function}, is not an NCRONTAB expression of six fields, such as {TimerExpression.Example}.");
    }

    /// <summary>The first occurrence after an instant.</summary>
    public DateTimeOffset Next(DateTimeOffset after) => new(_schedule.GetNextOccurrence(after.UtcDateTime), TimeSpan.Zero);
}
