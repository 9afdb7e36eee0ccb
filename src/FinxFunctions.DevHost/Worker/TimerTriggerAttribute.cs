namespace Microsoft.Azure.Functions.Worker;

/// <summary>A function called on a schedule. As in Microsoft.Azure.Functions.Worker.Extensions.Timer.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    /// <summary>NCRONTAB of six fields, seconds first, in UTC; or <c>%Setting%</c>, the setting that holds it.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether the function is told its <see cref="TimerInfo.ScheduleStatus"/>.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Whether it also runs when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
