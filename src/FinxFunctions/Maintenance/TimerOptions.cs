namespace FinxFunctions.Maintenance;

/// <summary>When the timer runs.</summary>
public sealed class TimerOptions
{
    /// <summary>The setting's name. The Functions host reads it too, for the trigger.</summary>
    public const string Setting = "RotationSchedule";

    /// <summary>An NCRONTAB expression of six fields, seconds first, or of five fields without seconds. UTC.</summary>
    public string? RotationSchedule { get; set; }
}
