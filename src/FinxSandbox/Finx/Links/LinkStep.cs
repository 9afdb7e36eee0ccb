namespace FinxSandbox.Finx.Links;

/// <summary>Where the user is in the widget.</summary>
internal enum LinkStep
{
    Bank,
    Login,
    Otp,
    Accounts,
    Confirm,

    /// <summary>The user was sent back; a link is for one use.</summary>
    Finished,
}
