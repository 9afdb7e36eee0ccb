namespace FinxSandbox.Faults;

/// <summary>The kind of a fault.</summary>
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

    /// <summary>Acts, then drops the connection. The caller cannot know whether it acted.</summary>
    DropAfter,

    /// <summary>Acts, with the rule's delays.</summary>
    Slow,

    /// <summary>Acts and answers with <see cref="FaultRule.Body"/>, or with half of the right body.</summary>
    Malformed,

    /// <summary>Acts and leaves <see cref="FaultRule.Fields"/> out of the answer.</summary>
    MissingFields,
}
