"""The words that rules look for: verbs, qualifiers, endings, and nouns of things that are no resources.

Read off botocore's models (about 19,500 operations) and checked by hand on samples of what they let through.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VERBS = _words(
    """Abort Accept Activate Add Allocate Allow Apply Archive Assign Associate Attach Authorize Backup Batch Begin Bulk
    Cancel Change Check Claim Clone Close Commit Complete Confirm Connect Copy Count Create Deactivate Decline Decrease
    Delete Delist Deny Deploy Deprecate Deregister Describe Detach Detect Disable Disassociate Discard Disconnect
    Discover Dismiss Dispose Download Enable Enroll Estimate Evaluate Execute Export Failover Filter Finalize Flush
    Generate Get Grant Head Import Increase Initiate Install Invite Invoke Join Label Leave List Lock Lookup Merge
    Migrate Modify Monitor Move Open Parse Pause Predict Preview Promote Provision Publish Purchase Purge Put Query
    Reactivate Reboot Rebuild Recover Refresh Register Reject Release Remove Renew Reorder Replace Request Resend Reset
    Resize Resolve Respond Restart Restore Resume Retire Retrieve Retry Reverse Revert Revoke Rollback Rotate Run
    Schedule Search Select Send Set Setup Share Sign Signal Simulate Split Start Stop Submit Subscribe Suspend Swap Sync
    Tag Terminate Test Toggle Transfer Translate Unarchive Unassign Unlock Unmonitor Unsubscribe Untag Update Upgrade
    Upload Validate Verify Withdraw Write"""
)
"""First words of operations."""

READS = ("List", "Describe", "Get", "Search")
"""Verbs that list, in the order they are preferred."""

QUALIFIERS = _words("By For From With On To As")
"""Words that end the noun in an operation's name."""

WRAPPERS = _words(
    """summary item entry detail description info information metadata overview record listitem list set output
    response result view member properties property type model structure object data"""
)
"""Last words of *shape* names that say nothing of what the thing is."""

CREATES = _words(
    "Create Register Put Add Allocate Request Import Run Provision Purchase Publish Issue Upload Copy Build Define"
)
LOSING = frozenset({
    "abort", "archive", "cancel", "close", "complete", "deactivate", "deprecate", "detach", "disable", "flush", "pause",
    "rebuild", "reject", "reset", "rollback", "stop", "suspend",
})  # fmt: skip
"""Verbs that end or lose something where no operation of the service brings it back."""

DELETES = _words("Delete Deregister Terminate Remove Release Retire Purge Dispose Delist")
"""Verbs whose operation of a noun shows that the account makes and removes the thing."""

ENDING = _words(
    "Delete Terminate Deregister Release Retire Purge Revoke Dispose Withdraw Remove Delist Discard Decline"
)
"""Verbs after which the thing, or what it held, is gone."""

PLAIN = _words(
    """Stop Start Enable Disable Reboot Restart Cancel Pause Resume Suspend Activate Deactivate Archive Unarchive Lock
    Unlock Reset Rotate Refresh Failover Abort Accept Reject Detach Attach Retry Rollback Renew Resend Deploy Recover
    Rebuild Quarantine Sync Flush Reload Unshare Monitor Unmonitor Complete Close Publish Schedule Revert Reactivate
    Deprecate"""
)
"""Verbs of operations that may need no more than which thing is meant."""

CHANGING = _words("Update Modify")
"""Verbs of operations that set what they are given."""

LIFECYCLE = (
    "Delete", "Terminate", "Deregister", "Describe", "Get", "Release", "Remove", "Cancel", "Stop", "Start", "Update",
    "Modify", "Put",
)  # fmt: skip
"""Verbs in the order in which their inputs tell what a type's id is."""

ACTIVITIES = _words(
    """job run execution build query task import export operation deployment invocation session simulation evaluation
    transfer scan investigation recommendation migration replay upload download batch restore command workflowrun
    journalexport rotation assessment update change request order attempt refresh compilation prediction conversion
    activity annotationimportjob test inference optimization analysis diagnosis report conversation"""
)
"""Last words of nouns that are begun and end by themselves."""

NOISE = _words(
    """attribute event statistic finding member version metric datapoint error warning failure history log message
    notification tag dimension value result status state limit quota usage count summary estimate price cost
    recommendation property parameter option setting configuration permission principal entity relationship issue
    annotation line column row field key keyword phrase label sample object file path record recordset region zone
    availabilityzone endpointtype type kind category class detail metadata data attachment association assignment
    membership step stage action activity artifact revision change diff difference comment conflict suggestion insight
    trace span segment anomaly alertevent occurrence observation forecast prediction score rank vote reference
    dependency link neighbor edge node vertex ancestor child descendant parent target recipient subscriber contact
    address number phonenumber token credential session secretversion content body text document page paragraph word
    sentence vocabularyentry entry item element component part piece chunk block range interval period window time date
    timeline holiday identity privilege grant right capability feature flag info information
    overview package dependencytree file directoryentry offering instancetype engine blueprint
    modification update patch upgrade download upload invoice bill charge credit transaction payment receipt check
    control evidence resource discoveredresource supportedresource unit effective inventory compliance violation
    reason suppression exclusion exemption optout preference default list candidate match hit response answer question
    reply review feedback rating opinion authorizationdetail account organization delegatedadministrator
    administrator invitation"""
)
"""Last words of nouns that are parts, data or figures of something else; overruled by strong evidence."""

FIGURES = _words("tag attribute event metric result count category comment annotation permission principal")
"""Of those, the ones that create and delete operations alone do not make a thing."""

CATALOGUE = _words(
    """offering engineversion orderableoption quota product region zone availabilityzone instancetype blueprint
    bundle availablemodel price pricingplan supportedtype runtime servicetype solutionstack platformversion catalogitem
    managedproduct licensemodel"""
)
"""What AWS offers to everybody; overruled by a create operation."""

PLANE = _words(
    """apigatewaymanagementapi appconfigdata bcm-pricing-calculator-data bedrock-agent-runtime bedrock-runtime
    cloudcontrol cloudsearchdomain cognito-sync comprehendmedical connectparticipant dynamodbstreams ebs
    evs-data forecastquery freetier geo-maps geo-places geo-routes health inspector-scan iot-data iot-jobs-data
    kinesis-video-archived-media kinesis-video-media kinesis-video-signaling kinesis-video-webrtc-storage
    lex-runtime lexv2-runtime managedblockchain-query marketplace-entitlement marketplace-reporting
    marketplacecommerceanalytics mediastore-data meteringmarketplace neptunedata personalize-events
    personalize-runtime pricing qldb-session rds-data redshift-data resourcegroupstaggingapi
    route53-recovery-cluster sagemaker-a2i-runtime sagemaker-edge sagemaker-featurestore-runtime
    sagemaker-geospatial sagemaker-metrics sagemaker-runtime sagemakeruntime-http2 sso sso-oidc sts
    support-app-data timestream-query tnb-data"""
)
"""Services whose operations read and write data, and make no resources."""

ID_ENDINGS = ("identifier", "id", "arn", "name", "url")
"""Last words of names of identifiers."""

BORN = ("creat", "launch", "provision", "regist", "import", "issue", "request", "submit", "start", "instancecreate")
"""Beginnings of names of creation dates, in the order of preference."""

CHANGED = ("lastmodified", "lastupdated", "lastupdate", "modified", "updated", "modification", "lastchange", "update")

ABSENT = ("NoSuch", "NotFound", "NotConfigured", "DoesNotExist", "NotExist", "UnknownResource")
"""Parts of error codes that mean "has none"."""
