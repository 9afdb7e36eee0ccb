namespace FinxSandbox.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>Answers <see cref="FaultRule.Status"/> (400) and does nothing.</summary>
    Refuse,

    /// <summary>Answers 429 with <see cref="FaultRule.RetryAfter"/> and does nothing.</summary>
    Throttle,

    /// <summary>Answers <see cref="FaultRule.Status"/> (500) and does nothing.</summary>
    ServerError,

    /// <summary>Drops the connection and does nothing.</summary>
    DropBefore,

    /// <summary>Does what was asked, then drops the connection: the caller cannot know.</summary>
    DropAfter,

    /// <summary>Does what was asked, with the rule's delays.</summary>
    Slow,

    /// <summary>Does what was asked and answers with <see cref="FaultRule.Body"/>, or with half of the right body.</summary>
    Malformed,

    /// <summary>Does what was asked and leaves <see cref="FaultRule.Fields"/> out of the answer.</summary>
    MissingFields,
}
