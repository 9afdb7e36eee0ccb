namespace FinxFunctions.Rotation;

/// <summary>Whether a refusal of finX is believed.</summary>
/// <param name="AskAgainAfter">How long to wait before finX is asked again; null where the refusal is believed and the connection ends.</param>
public readonly record struct RefusalVerdict(TimeSpan? AskAgainAfter)
{
    /// <summary>A suspect token, and any token while refusals are unusual, is asked about at least this often.</summary>
    private const int FewestRefusals = 5;

    private const int MostSteps = 16;

    /// <summary>A suspect token, and any token while refusals are unusual, is asked about for at least this long.</summary>
    private static readonly TimeSpan ShortestDoubt = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    /// <summary>Decides. Pure. A refused token is not used up, so that asking again costs nothing but time.</summary>
    /// <param name="isDead">Whether finX said in known words that the token is worth nothing.</param>
    /// <param name="refusals">Refusals of this token in a row, this one included.</param>
    /// <param name="doubtedFor">The time since the first of them.</param>
    /// <param name="pause">The pause after the first refusal.</param>
    /// <param name="isUnusual">Whether unusually many connections are refused now.</param>
    /// <param name="othersRefresh">Whether finX gave new pairs for other connections since the first refusal.</param>
    /// <param name="isOver">Whether the life of the token is over.</param>
    public static RefusalVerdict Of(bool isDead, int refusals, TimeSpan doubtedFor, TimeSpan pause, bool isUnusual, bool othersRefresh, bool isOver)
    {
        var isConfirmed = isDead && !isUnusual
            ? refusals > 1 && doubtedFor >= pause
            : refusals >= FewestRefusals && doubtedFor >= ShortestDoubt && othersRefresh;
        return new RefusalVerdict(isOver || isConfirmed ? null : isDead && !isUnusual ? pause : Growing(pause, refusals));
    }

    private static TimeSpan Growing(TimeSpan pause, int refusals)
    {
        var grown = pause * Math.Pow(4, Math.Clamp(refusals - 1, 0, MostSteps));
        return grown < LongestPause ? grown : LongestPause;
    }
}
