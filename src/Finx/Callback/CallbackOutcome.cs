namespace Finx.Callback;

/// <summary>Where a user who returned goes next.</summary>
public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    /// <summary>On to the caller, with what came of it.</summary>
    public sealed record Redirect(Uri Location, string Status) : CallbackOutcome;

    /// <summary>Nowhere: nobody waits for this state, or no longer.</summary>
    public sealed record Unknown : CallbackOutcome;

    /// <summary>Still under way, or a store does not answer: the same address is asked again in a moment, and nothing is lost.</summary>
    public sealed record Unfinished : CallbackOutcome;
}
