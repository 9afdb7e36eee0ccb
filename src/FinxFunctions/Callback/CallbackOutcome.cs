using FinxFunctions.State;

namespace FinxFunctions.Callback;

/// <summary>Where a user who returned goes next.</summary>
public abstract record CallbackOutcome
{
    private CallbackOutcome()
    {
    }

    /// <summary>On to the caller, with what came of it.</summary>
    /// <param name="Location">The return address with the outcome in its query.</param>
    /// <param name="Outcome">The same, to be posted.</param>
    /// <param name="Mode">How the widget was opened.</param>
    /// <param name="Origin">The one origin that the outcome may be posted to.</param>
    public sealed record Finished(Uri Location, IReadOnlyDictionary<string, string> Outcome, LinkMode Mode, string? Origin) : CallbackOutcome;

    /// <summary>Nowhere: nobody waits for this state, or no longer.</summary>
    public sealed record Unknown : CallbackOutcome;

    /// <summary>Still under way, or a store does not answer: the same address is asked again in a moment, and nothing is lost.</summary>
    /// <param name="FrameAncestor">The origin in whose frame that is, where the widget was framed.</param>
    public sealed record Unfinished(string? FrameAncestor = null) : CallbackOutcome;
}
