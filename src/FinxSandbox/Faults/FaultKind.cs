namespace FinxSandbox.Faults;

/// <summary>The kind of a fault. Each either acts first or does not; <see cref="FaultRule.Acts"/> changes that.</summary>
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

    /// <summary>
    /// Accepts the call, does nothing and never answers. The connection stays open until the caller gives up, the rule is removed, or
    /// <see cref="FaultRule.DelayAfter"/> is over.
    /// </summary>
    Silence,

    /// <summary>
    /// Answers with <see cref="FaultRule.Odd"/>, <see cref="FaultRule.Status"/>, <see cref="FaultRule.Headers"/> and
    /// <see cref="FaultRule.Body"/>. It acts where the odd answer contains the right one, and where there is no odd answer.
    /// </summary>
    Answer,

    /// <summary>Answers as if it did not know the token, the code or the secret, and does nothing.</summary>
    Unknown,

    /// <summary>Answers as if it did not know the client, or gave it no access, and does nothing.</summary>
    BadClient,
}
