using NCrontab;

namespace FinxFunctions.Maintenance;

/// <summary>An NCRONTAB expression, read as the Functions host reads it.</summary>
public static class TimerExpression
{
    /// <summary>An example for messages: every five minutes.</summary>
    public const string Example = "0 */5 * * * *";

    /// <summary>Reads six fields with seconds first, or five fields without seconds. Null if the expression is invalid.</summary>
    public static CrontabSchedule? TryParse(string? expression)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return null;
        }

        var hasSeconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != 5;
        return CrontabSchedule.TryParse(expression, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds });
    }
}
