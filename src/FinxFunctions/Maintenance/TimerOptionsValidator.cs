namespace FinxFunctions.Maintenance;

/// <summary>Without a valid schedule the Functions host never runs the timer, and reports nothing.</summary>
public sealed class TimerOptionsValidator : IValidateOptions<TimerOptions>
{
    public ValidateOptionsResult Validate(string? name, TimerOptions options) => options.RotationSchedule switch
    {
        null or "" => ValidateOptionsResult.Fail($"{TimerOptions.Setting}: set an NCRONTAB expression of six fields, seconds first, such as {TimerExpression.Example}."),
        { } expression when TimerExpression.TryParse(expression) is null =>
            ValidateOptionsResult.Fail($"{TimerOptions.Setting}: '{expression}' is not an NCRONTAB expression of six fields, seconds first, such as {TimerExpression.Example}."),
        _ => ValidateOptionsResult.Success,
    };
}
